import Foundation
import Hashing
import PipelineModel
import Storage
import TestSupport
import Testing

/// A night alone equals a rebuild from all deliveries up to it, as known on that night.
@Suite struct NightsTests {
    /// What must be the same however often the deployment ran before.
    private struct Outcome: Equatable {
        var matrix: String
        var spine: String
        var residences: String
        var list: [UInt8]

        init(_ deployment: Deployment) throws {
            func output(_ stage: String, _ scope: String, _ role: String) throws -> String {
                let result = try deployment.database(.linking).result(stage: stage, scope: scope)
                guard let found = result?.outputs.first(where: { $0.role == role }) else {
                    throw Deployment.Unexpected(what: "\(stage) has no \(role)")
                }
                return found.digest.hex
            }
            matrix = try output("features", "county", "matrix")
            spine = try output("link", "", "spine")
            residences = try output("link", "", "residences")
            list = try deployment.newestList()
        }
    }

    /// The sample's contract; a register of one person may grow to two.
    private func county() throws -> Deployment {
        let model = Hamlet.model.replacing("model: hamlet", with: "model: county")
        let features = Hamlet.features
            .replacing(
                "{column: method, in: [21]}", with: "{column: admission_method, in: [21, 22]}")
        return try Deployment.make(
            from: [
                "source.yaml": Deployment.repository("SampleData/source.yaml").replacing(
                    ", largest_change: 0.5", with: ""),
                "linking.yaml": Hamlet.linking.replacing("hamlet", with: "meadowshire")
                    .replacing("../Models/meadowshire", with: "../Models/county"),
                "release.yaml": Hamlet.release.replacing("hamlet", with: "meadowshire"),
            ], models: ["county/model.yaml": model, "county/features.yaml": features])
    }

    @Test(.tags(.slow)) func eachNightEqualsARebuildAsKnownOnIt() throws {
        let folder = TemporaryFolder("synth")
        try Deployment.expectSuccess(
            Command.run([
                "synth", "\(folder.path)/county", "--people", "300", "--seed", "8", "--nights",
                "30",
                "--first-night", "2025-06-02",
            ]))
        let nights = try FileManager.default.contentsOfDirectory(
            at: URL(fileURLWithPath: "\(folder.path)/county/nights"),
            includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
        #expect(nights.count == 30)
        let base = try county()
        let nightly = try Deployment.copy(of: base)
        var previous: [UInt8] = []
        var changed = 0
        for (index, night) in nights.enumerated() {
            let day = night.lastPathComponent
            try nightly.deliver(night)
            try Deployment.expectSuccess(nightly.runSource(day))
            try Deployment.expectSuccess(nightly.runLinking(day))
            let list = try nightly.newestList()
            if list != previous { changed += 1 }
            previous = list
            guard [1, 8, 17, 29].contains(index) else { continue }
            let rebuilt = try Deployment.copy(of: base)
            for earlier in nights[...index] { try rebuilt.deliver(earlier) }
            try Deployment.expectSuccess(rebuilt.runSource(day))
            try Deployment.expectSuccess(rebuilt.runLinking(day))
            let (left, right) = (try Outcome(nightly), try Outcome(rebuilt))
            #expect(left == right, "night \(index + 1)")
        }
        #expect(changed == 30)
        // The nights did hold what they are to be tested with.
        let record = try nightly.database(.source).deliveries(state: .accepted)
        #expect(Set(record.map(\.delivered)).count == 30)
    }

    /// Rotated keys change every token and no person: two deployments, one of which rotates,
    /// go on alike, also with a file that is late for its day.
    @Test func afterARotationPeopleAndListsAreTheSame() throws {
        let same = try Deployment.hamletAfterOneNight()
        let rotated = try Deployment.hamletAfterOneNight()
        func export(_ hamlet: Deployment, _ day: String) throws -> String {
            let file = "\(hamlet.folder.path)/spine.csv"
            try Deployment.expectSuccess(
                Command.run([
                    "link", "--config", hamlet.linking, "--as-of", Hamlet.asOf(day), "--export",
                    file,
                ]))
            return try String(contentsOfFile: file, encoding: .utf8)
        }
        let before = try export(rotated, Hamlet.firstDay)
        let turned = try Command.run(["keys", "rotate", "--config", rotated.source])
        try Deployment.expectSuccess(turned)
        #expect(turned.out.contains("current 2"))
        // A run without deliveries encodes anew; nobody changes.
        try Deployment.expectSuccess(rotated.runSource(Hamlet.firstDay))
        #expect(try export(rotated, Hamlet.firstDay) == before)

        for hamlet in [same, rotated] {
            try hamlet.drop(Hamlet.secondDay)
            let late = "\(hamlet.path)/source/drop/hospital/admissions_2026-03-03.csv"
            try FileManager.default.removeItem(atPath: late)
            try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
            try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        }
        #expect(try rotated.newestPeople() == same.newestPeople())
        for hamlet in [same, rotated] {
            try hamlet.drop(
                Hamlet.admissions(Hamlet.secondDay), as: "hospital/admissions_2026-03-03.csv")
            try Deployment.expectSuccess(hamlet.runSource("2026-03-04"))
            try Deployment.expectSuccess(hamlet.runLinking("2026-03-04"))
        }
        #expect(try export(rotated, "2026-03-04") == export(same, "2026-03-04"))
        #expect(try rotated.newestPeople() == same.newestPeople())
        // And once more, now that two epochs lie behind it.
        try Deployment.expectSuccess(Command.run(["keys", "rotate", "--config", rotated.source]))
        try Deployment.expectSuccess(rotated.runSource("2026-03-04"))
        #expect(try export(rotated, "2026-03-04") == export(same, "2026-03-04"))
    }
}
