import Foundation
import ModelFolder
import PipelineModel
import TestSupport
import Testing

@Suite struct PMMLTests {
    /// The whole document of a small equation; valid by the schema of PMML 4.4, and scored to the
    /// last bits by PyPMML 1.5.8 and sklearn-pmml-model 1.0.8 (Benchmarks/peers/check_pmml.py).
    private static let golden = #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
          <Header description="A made model (made, version 3)">
            <Application name="Stile" version="0.0"/>
          </Header>
          <DataDictionary numberOfFields="4">
            <DataField name="outcome" optype="categorical" dataType="string">
              <Value value="0"/>
              <Value value="1"/>
            </DataField>
            <DataField name="age_decades" displayName="Age, in tens of years" optype="continuous" dataType="double"/>
            <DataField name="visits&lt;1 &amp; &quot;more&quot;" displayName="Visits | &lt;b&gt;" optype="continuous" dataType="double"/>
            <DataField name="carer" displayName="Someone at home cares" optype="continuous" dataType="double"/>
          </DataDictionary>
          <RegressionModel modelName="made" functionName="classification" algorithmName="logistic regression" normalizationMethod="logit">
            <MiningSchema>
              <MiningField name="outcome" usageType="target"/>
              <MiningField name="age_decades" usageType="active"/>
              <MiningField name="visits&lt;1 &amp; &quot;more&quot;" usageType="active"/>
              <MiningField name="carer" usageType="active"/>
            </MiningSchema>
            <Output>
              <OutputField name="probability" optype="continuous" dataType="double" feature="probability" value="1"/>
            </Output>
            <RegressionTable intercept="-2.25" targetCategory="1">
              <NumericPredictor name="age_decades" exponent="1" coefficient="0.1875"/>
              <NumericPredictor name="visits&lt;1 &amp; &quot;more&quot;" exponent="1" coefficient="0.7"/>
              <NumericPredictor name="carer" exponent="1" coefficient="-0.3"/>
            </RegressionTable>
            <RegressionTable intercept="0" targetCategory="0"/>
          </RegressionModel>
        </PMML>

        """#

    @Test func aSmallModelHasThisDocument() throws {
        #expect(try MadeModel.text("model.pmml", of: MadeModel.model()) == Self.golden)
    }

    /// Numbers keep their bits, however small or long, through the document and back.
    @Test func everyCoefficientKeepsItsBits() throws {
        let folder = TemporaryFolder("bits")
        let equation = ScoringEquation(
            name: "made", intercept: 0.1 + 0.2,
            terms: [
                .init(name: "outcome", coefficient: .leastNonzeroMagnitude, mean: 0),
                .init(name: "a\tb\u{1}", coefficient: 1.0 / 3, mean: 1.0 / 7),
                .init(name: "é — 'x'", coefficient: -1.2345678901234567e-5, mean: 2),
                .init(name: "probability", coefficient: 123_456_789.125, mean: 1e-9),
            ])
        let path = try MadeModel.write(
            MadeModel.model(equation, development: nil), to: folder, as: "bits")
        let check = try FolderCheck(folderAt: path)
        // The control character cannot stand in XML, so that this one column has another name.
        #expect(check.comparisons.map(\.source) == ["equation.json"])
        #expect(check.comparisons[0].largest == 0)
        let document = try MadeModel.text(
            "model.pmml", of: MadeModel.model(equation, development: nil))
        #expect(document.contains(#"coefficient="5e-324""#))
        #expect(document.contains(#"coefficient="-1.2345678901234568e-05""#))
        #expect(document.contains(#"<DataField name="outcome_" optype="categorical""#))
        #expect(document.contains(#"<OutputField name="probability_""#))
        #expect(document.contains("a&#9;b\u{fffd}"))
    }
}
