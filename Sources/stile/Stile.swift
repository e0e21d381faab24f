import ArgumentParser
import Foundation
import PipelineModel

/// The command line: parses, calls one composition, prints.
@main
struct Stile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stile",
        abstract: "Pseudonymised linkage, point-in-time features, scoring, and an ethics gate.",
        discussion: """
            Every night: extracts in, a candidate list in front of named people. A list of \
            people leaves only when they have signed for exactly that list.

            Exit status: 0 the work was done (also when a list waits for sign-off); \
            2 bad configuration; 3 bad input; 4 refused by policy; 5 integrity failure; \
            6 interrupted, the next run finishes; 7 input or output failed; 8 another run \
            holds the lock; 64 the command line is wrong; 70 a fault of the program.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Set up",
                subcommands: [
                    Init.self, Keys.self, Synth.self, Doctor.self, AttackEncodings.self,
                ]),
            CommandGroup(name: "Every night", subcommands: [Run.self]),
            CommandGroup(
                name: "One stage at a time",
                subcommands: [
                    Check.self, Pseudonymise.self, Link.self, Features.self, Train.self,
                    Evaluate.self, Score.self, Models.self,
                ]),
            CommandGroup(
                name: "Deciding",
                subcommands: [Review.self, Sign.self, Release.self, Audit.self]),
        ])

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // A limit on the size of files is a write fault like a full disk, and no crash.
        signal(SIGXFSZ, SIG_IGN)
        // A crash must leave no identity in a core file, and no file is for every account.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        umask(0o027)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as StileError {
            Console.write("stile: \(error.description)\n", to: STDERR_FILENO)
            Foundation.exit(error.code.exitStatus)
        } catch {
            exit(withError: error)
        }
    }
}
