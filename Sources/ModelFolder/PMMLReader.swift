import PipelineModel

/// The coefficients of a PMML document of the kind that the folder holds, read from its text
/// and from nothing else of the folder.
struct PMMLReader {
    /// An element's start: its name and attributes.
    private struct Tag {
        var name: String
        var attributes: [String: String] = [:]
    }

    /// - Returns: The equation, its terms in the order of the document; every reference is 0.
    /// - Throws: `StileError` with code `integrity` where the document is of another kind.
    static func equation(_ text: String, file: String) throws -> ScoringEquation {
        func refuse(_ what: String) -> StileError {
            StileError(
                .integrity, "The PMML document \(what).", at: .init(file: file),
                remedy: "Restore it, or publish the model again.")
        }
        let tags = tags(text)
        guard tags.first?.name == "PMML", tags.first?.attributes["version"] == "4.4",
            let model = tags.first(where: { $0.name == "RegressionModel" }),
            model.attributes["functionName"] == "classification",
            model.attributes["normalizationMethod"] == "logit"
        else { throw refuse("is not a logistic regression in PMML 4.4") }
        var category: String?
        var intercepts: [String: Double] = [:]
        var terms: [ScoringEquation.Term] = []
        for tag in tags {
            switch tag.name {
            case "RegressionTable":
                category = tag.attributes["targetCategory"]
                guard let category, let value = tag.attributes["intercept"].flatMap(Double.init)
                else { throw refuse("has a table without category or intercept") }
                intercepts[category] = value
            case "NumericPredictor":
                guard category == "1", tag.attributes["exponent"] ?? "1" == "1",
                    let name = tag.attributes["name"],
                    let value = tag.attributes["coefficient"].flatMap(Double.init)
                else { throw refuse("has a predictor that is not a plain term of the event") }
                terms.append(.init(name: name, coefficient: value, mean: 0))
            case "CategoricalPredictor", "PredictorTerm", "LocalTransformations", "Targets":
                throw refuse("has a part of the kind \(tag.name), which the folder never has")
            default: break
            }
        }
        guard intercepts.count == 2, let intercept = intercepts["1"], intercepts["0"] == 0 else {
            throw refuse("does not have the tables of the categories 1 and 0")
        }
        return ScoringEquation(
            name: model.attributes["modelName"] ?? "", intercept: intercept, terms: terms)
    }

    /// The start tags in their order; comments and declarations are passed over.
    private static func tags(_ text: String) -> [Tag] {
        var tags: [Tag] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.hasPrefix("!--") {
                guard let end = rest.firstRange(of: "-->") else { return tags }
                rest = rest[end.upperBound...]
                continue
            }
            guard let first = rest.first, first.isLetter else { continue }
            var tag = Tag(name: String(rest.prefix { $0.isLetter || $0.isNumber }))
            rest = rest.dropFirst(tag.name.count)
            while true {
                rest = rest.drop { $0.isWhitespace || $0 == "/" }
                guard let next = rest.first, next != ">", let equals = rest.firstIndex(of: "=")
                else { break }
                let name = rest[..<equals].filter { !$0.isWhitespace }
                rest = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
                guard let quote = rest.first, quote == "\"" || quote == "'",
                    let end = rest.dropFirst().firstIndex(of: quote)
                else { break }
                tag.attributes[String(name)] = unescaped(
                    rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            }
            tags.append(tag)
        }
        return tags
    }

    private static func unescaped(_ text: Substring) -> String {
        let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&"), let end = rest[mark...].firstIndex(of: ";") {
            result += rest[..<mark]
            let entity = String(rest[rest.index(after: mark)..<end])
            if let character = named[entity] {
                result += character
            } else if entity.hasPrefix("#"), let scalar = scalar(entity.dropFirst()) {
                result.unicodeScalars.append(scalar)
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func scalar(_ digits: Substring) -> Unicode.Scalar? {
        (digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits))
            .flatMap(Unicode.Scalar.init)
    }
}
