import Foundation
import TestSupport
import Testing

/// Names, NHS numbers and postcodes that were planted in the extracts, searched for in every byte
/// outside the places where identities may lie.
@Suite struct CanaryTests {
    private static let needles: [[UInt8]] = Hamlet.canaries.flatMap { canary in
        [canary.lowercased(), canary.lowercased().replacing(" ", with: "")]
    }.map { Array($0.utf8) }

    /// Whether `bytes` hold a canary, in either case.
    private static func holds(_ bytes: [UInt8]) -> Bool {
        let lower = Data(bytes.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 })
        return needles.contains { lower.range(of: Data($0)) != nil }
    }

    @Test func theSearchFindsWhatIsThere() throws {
        #expect(Self.holds(Array("x,ZWETSCHGENBAUM,y".utf8)))
        #expect(Self.holds(Array("ze987qw".utf8)))
        #expect(!Self.holds(Array("Baum".utf8)))
        #expect(Self.holds(Array(Hamlet.patients(Hamlet.firstDay).utf8)))
    }

    @Test func nothingLeavesTheSourceZone() throws {
        let hamlet = try Deployment.hamlet()
        var spoken: [Finished] = []
        func run(_ arguments: [String]) throws { spoken.append(try Command.run(arguments)) }
        try hamlet.drop(Hamlet.firstDay)
        try run(["check", "--config", hamlet.source, "--as-of", Hamlet.asOf(Hamlet.firstDay)])
        for verbose in [["--verbose"], ["--json"]] {
            try run(hamlet.sourceArguments(Hamlet.asOf(Hamlet.firstDay)) + verbose)
        }
        try run(hamlet.linkingArguments(Hamlet.asOf(Hamlet.firstDay)) + ["--verbose"])

        // Bad files of every kind, with the canaries in the bad places.
        let rows = Hamlet.patientRows(Hamlet.secondDay)
        let canary = Hamlet.canaries
        let row = "P90,\(canary[0]),\(canary[1]),1950-01-01,F,\(canary[2]),\(canary[3])"
        let bad: [String] = [
            "\(canary[0]),\(canary[1])\n1,2\n",
            Hamlet.patientsHeader + "\n" + row + "\0,2020-01-01,3\n",
            ([Hamlet.patientsHeader] + rows.map { $0 + ",\(canary[0])" }).joined(separator: "\n"),
            ([Hamlet.patientsHeader] + rows + [
                row + ",\(canary[1]),3", row + ",2020-01-01,\(canary[2])",
            ])
            .joined(separator: "\n") + "\n",
            ([Hamlet.patientsHeader] + rows + ["P91,\"\(canary[0])"]).joined(separator: "\n"),
        ]
        for text in bad {
            try hamlet.drop(Hamlet.secondDay)
            try hamlet.drop(text, as: "gp/patients_2026-03-03.csv")
            try run(["check", "--config", hamlet.source, "--as-of", Hamlet.asOf(Hamlet.secondDay)])
            try run(hamlet.sourceArguments(Hamlet.asOf(Hamlet.secondDay)) + ["--verbose"])
        }
        #expect(spoken.contains { $0.status == 3 })
        try hamlet.drop(Hamlet.patients(Hamlet.secondDay), as: "gp/patients_2026-03-03.csv")
        try run(hamlet.sourceArguments(Hamlet.asOf(Hamlet.secondDay)))
        try run(hamlet.linkingArguments(Hamlet.asOf(Hamlet.secondDay)))
        for arguments in [
            ["review", "--config", hamlet.linking, "--list", hamlet.lists().last ?? ""],
            ["audit", "--config", hamlet.linking], ["doctor", "--config", hamlet.source],
            ["doctor", "--config", hamlet.linking], ["keys", "show", "--config", hamlet.source],
        ] {
            try run(arguments)
            #expect(spoken.last?.status == 0, "\(arguments): \(spoken.last?.err ?? "")")
        }
        for finished in spoken {
            #expect(!Self.holds(Array(finished.out.utf8)) && !Self.holds(Array(finished.err.utf8)))
        }
        let files = try hamlet.digests(
            "exchange", "linking", "source/pages", "source/state", "Ethics", "Models"
        ).keys.sorted()
        #expect(
            files.contains { $0.hasPrefix("exchange/") } && files.contains { $0.hasSuffix(".html") }
        )
        for file in files {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(hamlet.path)/\(file)")))
            #expect(!Self.holds(bytes), "\(file)")
            #expect(!Self.holds(Array(file.utf8)))
        }
    }
}
