import PipelineModel

/// The equation in PMML 4.4, for scorers of other makes.
///
/// A `RegressionModel` with two tables and `normalizationMethod="logit"`: the probability of
/// category 1 is 1 ÷ (1 + e^−y) of the first table's sum y, that of 0 the rest.
///
/// Source: Data Mining Group, PMML 4.4, General Regression and Regression models
/// (https://dmg.org/pmml/v4-4/Regression.html).
enum PMMLDocument {
    static func text(_ equation: StoredEquation, stile: String) -> String {
        let names = Set(equation.terms.map(\.name))
        let target = free("outcome", names)
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">"#,
            #"  <Header description="\#(escaped("\(equation.title) (\(equation.model), version \(equation.version))"))">"#,
            #"    <Application name="Stile" version="\#(escaped(stile))"/>"#,
            "  </Header>",
            #"  <DataDictionary numberOfFields="\#(equation.terms.count + 1)">"#,
            #"    <DataField name="\#(escaped(target))" optype="categorical" dataType="string">"#,
            // Some scorers take the second value for the event, whatever the tables say.
            #"      <Value value="0"/>"#,
            #"      <Value value="1"/>"#,
            "    </DataField>",
        ]
        for term in equation.terms {
            lines.append(
                #"    <DataField name="\#(escaped(term.name))" displayName="\#(escaped(term.title))" optype="continuous" dataType="double"/>"#
            )
        }
        lines += [
            "  </DataDictionary>",
            #"  <RegressionModel modelName="\#(escaped(equation.model))" functionName="classification" algorithmName="logistic regression" normalizationMethod="logit">"#,
            "    <MiningSchema>",
            #"      <MiningField name="\#(escaped(target))" usageType="target"/>"#,
        ]
        for term in equation.terms {
            lines.append(
                #"      <MiningField name="\#(escaped(term.name))" usageType="active"/>"#)
        }
        lines += [
            "    </MiningSchema>",
            "    <Output>",
            #"      <OutputField name="\#(escaped(free("probability", names)))" optype="continuous" dataType="double" feature="probability" value="1"/>"#,
            "    </Output>",
            #"    <RegressionTable intercept="\#(number(equation.intercept))" targetCategory="1">"#,
        ]
        for term in equation.terms {
            lines.append(
                #"      <NumericPredictor name="\#(escaped(term.name))" exponent="1" coefficient="\#(number(term.coefficient))"/>"#
            )
        }
        lines += [
            "    </RegressionTable>",
            #"    <RegressionTable intercept="0" targetCategory="0"/>"#,
            "  </RegressionModel>", "</PMML>",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The text as the value of an attribute; what XML cannot hold becomes U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The shortest decimal that reads back to the same bits.
    private static func number(_ value: Double) -> String { value.description }

    /// The name, or one like it that no column has.
    private static func free(_ name: String, _ taken: Set<String>) -> String {
        var name = name
        while taken.contains(name) { name += "_" }
        return name
    }
}
