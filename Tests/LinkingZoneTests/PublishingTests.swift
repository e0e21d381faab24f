import Foundation
import LinkingZone
import ModelFolder
import NightRun
import PipelineModel
import Storage
import TestSupport
import Testing

/// The folder of a model, as nights write it.
@Suite struct PublishingTests {
    let county: Deployment

    init() throws { county = try Deployment() }

    private var folder: String { "\(county.folder)/linking/models/helped/folder" }

    private func status(_ outcome: NightOutcome) -> StageRecord.Status? {
        outcome.record.stages.first { $0.stage == "publish" }?.status
    }

    @Test func aFolderIsWrittenOnceAndStandsUntilItsModelChanges() throws {
        try county.firstNight()
        #expect(try FolderCheck(folderAt: folder).faults == [])
        let first = try StoredModelFolder(at: folder)
        #expect(status(try county.linkingNight("2025-06-03")) == .unchanged)
        // Another list size is another specification, and another fingerprint.
        try county.writeModel(pointsWeight: 0.25)
        _ = try county.linkingNight("2025-06-03", through: .train, model: "helped")
        #expect(status(try county.linkingNight("2025-06-03")) == .ran)
        let second = try StoredModelFolder(at: folder)
        let comparison = try ModelComparison(first, second)
        #expect(comparison.sameSpecification == false)
        #expect(comparison.coefficients.map(\.name) == ["points"])
        #expect(comparison.probabilities.largest > 0)
    }

    @Test func whatWasChangedOrLeftInTheFolderIsMended() throws {
        try county.firstNight()
        let card = try county.read("linking/models/helped/folder/card.md")
        try county.edit("linking/models/helped/folder/card.md", "# Model card", "# Approved card")
        try county.home.write("left", to: "linking/models/helped/folder/coefficients.json")
        #expect(try FolderCheck(folderAt: folder).faults.count >= 2)
        #expect(status(try county.linkingNight("2025-06-03")) == .ran)
        #expect(try county.read("linking/models/helped/folder/card.md") == card)
        #expect(try FolderCheck(folderAt: folder).faults == [])
    }

    @Test func theLogNamesThePublication() throws {
        try county.firstNight()
        let log = try county.read("linking/state/log/leaves.jsonl")
        #expect(log.components(separatedBy: "model.published").count == 2)
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)
    }

    @Test func aModelIsListedAndExportedWhole() throws {
        #expect(try LinkingZone.models(configuration: county.linking).map(\.isCurrent) == [false])
        #expect(throws: StileError.self) {
            try LinkingZone.publishedModel("helped", configuration: county.linking)
        }
        try county.firstNight()
        let models = try LinkingZone.models(configuration: county.linking)
        #expect(models.map(\.name) == ["helped"] && models[0].isCurrent)
        let target = "\(county.folder)/given"
        let check = try LinkingZone.exportModel(
            "helped", configuration: county.linking, to: target)
        #expect(try FolderCheck(folderAt: target).manifest == check.manifest)
        // Nothing is written over.
        #expect(throws: StileError.self) {
            try LinkingZone.exportModel("helped", configuration: county.linking, to: target)
        }
        try county.edit("linking/models/helped/folder/equation.txt", "chance", "certainty")
        let error = #expect(throws: StileError.self) {
            try LinkingZone.exportModel(
                "helped", configuration: county.linking, to: target + "-2")
        }
        #expect(error?.code == .integrity)
        #expect(!FileManager.default.fileExists(atPath: target + "-2"))
    }

    @Test func noPseudonymOrNameIsInTheFolder() throws {
        try county.firstNight()
        let people = try county.exportedPeople().flatMap {
            $0.split(separator: ",").map(String.init)
        }.filter { $0.count == 32 }
        #expect(people.count >= 40)
        for file in try StoredModelFolder(at: folder).files() {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(people.allSatisfy { !text.contains($0) }, "\(file.name)")
            #expect(!text.contains("Quillfeather"), "\(file.name)")
        }
    }
}
