import ArgumentParser
import LinkingZone
import PipelineModel
import ReleaseZone
import SourceZone

/// `stile review`: what waits, and the evidence for it.
struct Review: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the lists that wait for sign-off, or one list and its evidence.",
        discussion: """
            Shows pseudonyms only: nobody needs a name to decide whether a list should leave.

            Examples:
              stile review --config linking/stile.yaml --waiting
              stile review --config linking/stile.yaml --list emergency_admission-2026-03-01-1a2b3c
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @Option(help: "The list to show.")
    var list: String?
    @Flag(help: "Only say which lists wait, and how to go on.")
    var waiting = false
    @OptionGroup var common: CommonOptions

    func run() throws {
        if let list, !waiting {
            let review = try LinkingZone.review(configuration: config, list: list)
            common.console.result(
                review.text,
                [
                    "list": .string(list), "as_of": .string(review.asOf),
                    "state": .string(review.state),
                    "digests": .object(review.digests.mapValues { .string($0.hex) }),
                    "candidates": .integer(review.candidates), "page": .string(review.page),
                    "missing_roles": .array(review.missingRoles.map(JSONValue.string)),
                ])
            return
        }
        let waiting = try LinkingZone.waiting(configuration: config)
        common.console.result(
            waiting.text,
            [
                "lists": .array(
                    waiting.lists.map {
                        .object(["list": .string($0.id), "model": .string($0.model)])
                    })
            ])
    }
}

/// `stile sign`: a decision of one person in one role.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign a decision on a list: approve, hold or refuse.",
        discussion: """
            What is signed is the digest of the list, its evidence, the policy, the model, the \
            exclusions and the recipients. An approval also hands over the signer's shares of the \
            listed records' keys, sealed to the release zone, and nothing else.

            Example:
              stile sign --config linking/stile.yaml --list L --role caldicott_guardian \\
                --key a.guardian.key --decision approve --reason "Offer fits the purpose; capacity checked."
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @Option(help: "The list.")
    var list: String
    @Option(help: "The role in which you decide.")
    var role: String
    @Option(help: "Your key file.")
    var key: String
    @Option(help: "approve, hold or refuse.")
    var decision: String
    @Option(help: "Why, in at least 20 characters; no names.")
    var reason: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        let outcome = try LinkingZone.sign(
            configuration: config, list: list, role: role, keyFile: key, decision: decision,
            reason: reason, note: { console.detail($0) })
        common.console.result(
            outcome.text,
            ["list": .string(list), "state": .string(outcome.state), "role": .string(role)])
    }
}

/// `stile release`: opens exactly the people signed for.
struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Release an approved list: open exactly the people signed for.",
        discussion: """
            Checks every signature, the policy, the log and the exclusions of the day again before \
            it opens anything. There is no flag to skip a check.

            Example:
              stile release --config release/stile.yaml --list emergency_admission-2026-03-01-1a2b3c
            """)

    @Option(help: "The list.")
    var list: String
    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let outcome = try ReleaseZone.release(
            configuration: night.config, list: list, environment: common.environment(night))
        common.console.result(
            outcome.text,
            [
                "list": .string(list), "file": .string(outcome.file),
                "rows": .integer(outcome.rows), "withheld": .integer(outcome.withheld),
            ])
    }
}

/// `stile audit`: proves what was decided, and makes it again.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify the log, the signatures and the digests, and make past lists again.",
        discussion: """
            Each zone has a log: its steps are compared with the run records and with the files \
            that are retained. With --list a list of the linking zone is made again from its \
            retained matrix and coefficients, and compared byte for byte; no model is fitted anew.

            Examples:
              stile audit --config linking/stile.yaml
              stile audit --config source/stile.yaml
              stile audit --config linking/stile.yaml --list emergency_admission-2026-03-01-1a2b3c
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of a zone.")
    var config: String
    @Option(help: "Make this list again.")
    var list: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        let findings =
            switch try ZoneKind.of(config) {
            case .linking: try LinkingZone.audit(configuration: config, list: list)
            case .source where list == nil: try SourceZone.audit(configuration: config)
            case .release where list == nil: try ReleaseZone.audit(configuration: config)
            case .source, .release:
                throw ValidationError("--list is for the linking zone, where lists are made.")
            }
        common.console.result(
            findings.joined(separator: "\n"),
            ["findings": .array(findings.map(JSONValue.string))])
    }
}
