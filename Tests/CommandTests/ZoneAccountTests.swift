import Foundation
import TestSupport
import Testing

/// A real deployment: each zone has a Unix account, and the exchange folder a group of both.
@Suite(.enabled(if: Accounts.areThere, "only root with setpriv can play two Unix accounts"))
struct ZoneAccountTests {
    /// A hamlet that is marked real, with the zones in the hands of their accounts.
    private func real() throws -> Deployment {
        let hamlet = try Deployment.hamlet()
        for zone in ["source", "linking"] {
            try hamlet.edit("\(zone)/stile.yaml", "deployment: sample", "deployment: real")
        }
        try hamlet.edit(
            "source/stile.yaml", "state: state", "state: state\nlinking_zone: ../linking")
        try hamlet.edit("Ethics/policy.yaml", "deployment: sample", "deployment: real")
        try hamlet.edit("Ethics/policy.yaml", "throwaway: true", "throwaway: false")
        try hamlet.drop(Hamlet.firstDay)
        try own(hamlet)
        return hamlet
    }

    private func own(_ hamlet: Deployment) throws {
        for (folder, owner, mode) in [
            ("source", "\(Accounts.source):\(Accounts.source)", "0700"),
            ("linking", "\(Accounts.linking):\(Accounts.linking)", "0700"),
            ("exchange", "\(Accounts.source):\(Accounts.shared)", "2750"),
        ] {
            #expect(try Command.shell("chown", "-R", owner, "\(hamlet.path)/\(folder)") == 0)
            #expect(try Command.shell("chmod", mode, "\(hamlet.path)/\(folder)") == 0)
        }
        for folder in ["", "/Ethics", "/Models"] {
            #expect(try Command.shell("chmod", "0755", hamlet.path + folder) == 0)
        }
    }

    private func run(_ hamlet: Deployment, _ zone: String) throws -> Finished {
        let asOf = Hamlet.asOf(Hamlet.firstDay)
        return zone == "source"
            ? try Command.run(
                hamlet.sourceArguments(asOf), prefix: Accounts.become(Accounts.source))
            : try Command.run(
                hamlet.linkingArguments(asOf), prefix: Accounts.become(Accounts.linking))
    }

    @Test func twoAccountsDoTheNight() throws {
        let hamlet = try real()
        let source = try run(hamlet, "source")
        #expect(source.status == 0, "\(source.err)")
        let linking = try run(hamlet, "linking")
        #expect(linking.status == 0, "\(linking.err)")
        #expect(!linking.err.contains("sample"))
        #expect(hamlet.lists().count == 1)
        // The linking account cannot read what lies in the source zone.
        for file in ["stile.yaml", "keys/project.keyring", "archive"] {
            let words = Accounts.become(Accounts.linking) + ["ls", "\(hamlet.path)/source/\(file)"]
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = words
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus != 0)
        }
    }

    @Test(arguments: [("source", "linking"), ("linking", "source")])
    func oneAccountThatReadsBothIsRefused(_ own: String, _ other: String) throws {
        let hamlet = try real()
        #expect(try Command.shell("chmod", "0755", "\(hamlet.path)/\(other)") == 0)
        let before = try hamlet.digests("exchange", "source", "linking")
        let refused = try run(hamlet, own)
        #expect(refused.status == 4)
        #expect(
            refused.err.contains(
                "/\(other): The account that starts the \(own) zone can read the other zone. Give each zone an account of its own and take away the others' access (chmod 0700)."
            ), "\(refused.err)")
        #expect(try hamlet.digests("exchange", "source", "linking") == before)
    }

    /// Requests and answers pass between two accounts; only clerks who are named decide, and never
    /// root.
    @Test func clerksAnswerTheOtherAccount() throws {
        let hamlet = try real()
        try hamlet.edit(
            "source/stile.yaml", "encoding:", "review: {clerks: [c-1, c-2]}\nencoding:")
        try own(hamlet)
        let reviews = "\(hamlet.path)/reviews"
        #expect(
            try Command.shell("chown", "\(Accounts.source):\(Accounts.shared)", reviews) == 0)
        #expect(try Command.shell("chmod", "2770", reviews) == 0)
        for zone in ["source", "linking"] {
            let night = try run(hamlet, zone)
            #expect(night.status == 0, "\(night.err)")
        }
        let asOf = ["--as-of", Hamlet.asOf(Hamlet.firstDay)]
        let linking = Accounts.become(Accounts.linking)
        let asked = try Command.run(
            ["link", "sample", "--config", hamlet.linking] + asOf, prefix: linking)
        #expect(asked.status == 0, "\(asked.err)")

        func review(_ clerk: String, _ more: [String], root: Bool = false) throws -> Finished {
            try Command.run(
                ["link", "review", "--config", hamlet.source, "--clerk", clerk] + more,
                prefix: root ? [] : Accounts.become(Accounts.source))
        }
        let asRoot = try review("c-1", ["--pairs"], root: true)
        #expect(asRoot.status == 4 && asRoot.err.contains("started by root"))
        let stranger = try review("c-3", ["--pairs"])
        #expect(stranger.status == 4 && stranger.err.contains("not among those who may review"))
        let folder = TemporaryFolder("answers")
        for clerk in ["c-1", "c-2"] {
            let listed = try review(clerk, ["--pairs"])
            #expect(listed.status == 0, "\(listed.err)")
            let rows = listed.out.split(separator: "\n").dropFirst().map {
                "\($0.prefix { $0 != "," }),link,identifiers_agree\n"
            }
            let file = try folder.write("pair,answer,reason\n" + rows.joined(), to: "a.csv")
            let done = try review(clerk, ["--answers", file])
            #expect(done.status == 0, "\(done.err)")
        }
        let taken = try Command.run(["link", "--config", hamlet.linking] + asOf, prefix: linking)
        #expect(taken.status == 0 && taken.out.contains("clerks agree on"), "\(taken.err)")
    }

    @Test func rootIsRefused() throws {
        let hamlet = try real()
        for zone in ["source", "linking"] {
            let refused =
                zone == "source"
                ? try hamlet.runSource(Hamlet.firstDay) : try hamlet.runLinking(Hamlet.firstDay)
            #expect(refused.status == 4)
            #expect(
                refused.err.contains(
                    "The \(zone) zone was started by root, who reads every zone. Run it as the zone's own account."
                ), "\(refused.err)")
        }
        #expect(hamlet.names("exchange").isEmpty)
    }
}

/// Made-up accounts; the system need not know them.
enum Accounts {
    static let source = 65_401
    static let linking = 65_402
    /// The group that reads the exchange folder.
    static let shared = 65_410

    static let areThere = geteuid() == 0 && (try? Command.shell("setpriv", "--version")) == 0

    static func become(_ account: Int) -> [String] {
        ["setpriv", "--reuid", "\(account)", "--regid", "\(account)", "--groups", "\(shared)"]
    }
}
