import ArgumentParser
import Foundation
import LinkingZone
import PipelineModel
import ReleaseZone
import SourceZone
import Synth

/// `stile init`: the folders, configuration and keys of a deployment.
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the folder of a zone, or a whole sample deployment.",
        discussion: """
            A real deployment is made zone by zone, each by its own account. A sample holds every \
            zone in one folder, with throw-away keys that a real deployment refuses.

            Examples:
              stile init /srv/stile/source --zone source --project meadowshire
              stile init sample --sample --from SampleData
            """)

    @Argument(help: "The folder to make; it must not be there yet.")
    var folder: String
    @Option(help: "The zone to make: source, linking or release.")
    var zone: String?
    @Option(help: "The name of the project, for a single zone.")
    var project: String?
    @Flag(help: "Make a sample of all zones.")
    var sample = false
    @Option(
        help: "Where the sample's configuration lies (source.yaml, linking.yaml, release.yaml).")
    var from: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw StileError(
                .configuration, "The folder is there already.", at: .init(file: folder),
                remedy: "Give another name, or remove it if it is a sample.")
        }
        if sample {
            guard let from else {
                throw ValidationError("--sample needs --from, such as SampleData.")
            }
            try SampleDeployment.make(folder: folder, from: from)
            return common.console.result(
                "made the sample deployment \(folder)", ["folder": .string(folder)])
        }
        guard let kind = zone.flatMap(ZoneKind.init(rawValue:)), let project else {
            throw ValidationError("Give --zone source|linking|release and --project, or --sample.")
        }
        switch kind {
        case .source: try SourceZone.initialise(folder: folder, project: project)
        case .linking: try LinkingZone.initialise(folder: folder, project: project)
        case .release: try ReleaseZone.initialise(folder: folder, project: project)
        }
        common.console.result(
            "made the \(kind.rawValue) zone in \(folder); edit its stile.yaml, then run stile check",
            ["folder": .string(folder), "zone": .string(kind.rawValue)])
    }
}

/// `stile keys`: keys of people and zones.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make and show keys.",
        subcommands: [Holder.self, Log.self, ReviewKeys.self, Show.self, Rotate.self])

    struct Holder: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the key file of a person who signs.",
            discussion: """
                The file stays with the person, readable by nobody else. Its public part, printed \
                as lines for Ethics/policy.yaml, goes into the policy.

                Example:
                  stile keys holder --person a.guardian --out a.guardian.key
                """)

        @Option(help: "The id of the person, as the policy will name them.")
        var person: String
        @Option(help: "The key file to write.")
        var out: String
        @Flag(
            help: "Mark the key as thrown away after a demonstration; real deployments refuse it.")
        var throwAway = false
        @OptionGroup var common: CommonOptions

        func run() throws {
            let lines = try ReleaseZone.makeHolderKey(
                person: person, throwAway: throwAway, path: out)
            common.console.result(lines, ["key": .string(out), "policy": .string(lines)])
        }
    }

    struct Log: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin the log of the linking zone, once the policy names its key.",
            discussion: """
                Nothing is taken in without a log; the first night begins one otherwise. One that \
                has begun is never begun again.

                Example:
                  stile keys log --config linking/stile.yaml
                """)

        @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
        var config: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let line = try LinkingZone.beginLog(configuration: config)
            common.console.result(line, ["log": .string(line)])
        }
    }

    struct ReviewKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "review",
            abstract: "Make the source zone's key for clerical review.",
            discussion: """
                It opens requests and signs answers. Its public part, review.pub beside it, goes \
                into the linking zone's keys folder.

                Example:
                  stile keys review --config source/stile.yaml
                """)

        @Option(name: .shortAndLong, help: "The stile.yaml of the source zone.")
        var config: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let path = try SourceZone.makeReviewKey(configuration: config)
            common.console.result(
                "made the review key; give \(path) to the linking zone", ["key": .string(path)])
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the ids of a project's keys, never the keys.",
            discussion: """
                Example:
                  stile keys show --config source/stile.yaml
                """)

        @Option(name: .shortAndLong, help: "The stile.yaml of the source zone.")
        var config: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let lines = try SourceZone.describeKeys(configuration: config)
            common.console.result(
                lines.joined(separator: "\n"), ["keys": .array(lines.map(JSONValue.string))])
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a new epoch of the project's token keys.",
            discussion: """
                The next run of the source zone encodes every subject anew from the archive; \
                people keep their pseudonyms.

                Example:
                  stile keys rotate --config source/stile.yaml
                """)

        @Option(name: .shortAndLong, help: "The stile.yaml of the source zone.")
        var config: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let line = try SourceZone.rotateKeys(configuration: config)
            common.console.result(line, ["keys": .string(line)])
        }
    }
}

/// `stile doctor`: whether this machine and this deployment are sound.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the machine and, with --config, a deployment; change nothing.",
        discussion: """
            Libraries in use, time-zone data, permissions of keys, databases, column files against \
            their digests, the log against its checkpoint.

            Example:
              stile doctor --config linking/stile.yaml
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of a zone.")
    var config: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        var findings = try LinkingZone.machine(version: Version.text)
        if let config {
            switch try ZoneKind.of(config) {
            case .source: findings += try SourceZone.diagnose(configuration: config)
            case .linking: findings += try LinkingZone.diagnose(configuration: config)
            case .release: findings += try ReleaseZone.diagnose(configuration: config)
            }
        }
        common.console.result(
            findings.joined(separator: "\n"),
            ["findings": .array(findings.map(JSONValue.string))])
    }
}
