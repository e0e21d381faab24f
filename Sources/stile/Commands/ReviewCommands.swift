import ArgumentParser
import Foundation
import LinkingZone
import PipelineModel
import SourceZone

/// `stile link sample`: draws pairs for clerical review.
struct LinkSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw pairs of records for clerical review and send them to the source zone.",
        discussion: """
            Uncertain pairs, with a blind random sample of certain links and certain non-links, go \
            sealed to the source zone, where names may be seen. How many and which is said under \
            “linkage: review:”. The answers come in with the next stile link or night.

            Example:
              stile link sample --config linking/stile.yaml
            """)

    @OptionGroup var night: NightOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.console.report(
            LinkingZone.night(
                configuration: night.config, environment: common.environment(night),
                through: .sample))
    }
}

/// `stile link review`: a clerk decides pairs in the source zone.
struct LinkReview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Decide, as a clerk in the source zone, which pairs of records are one person.",
        discussion: """
            Shows the two records of each pair side by side on a terminal, cleared between pairs, \
            and keeps every answer as it is given; the same command goes on where it was left. Two \
            clerks decide independently. Names are written nowhere.

            With --answers a CSV file answers instead: pair, answer (link, not, cannot_say) and \
            reason; --pairs prints the pairs by pseudonym.

            Examples:
              stile link review --config source/stile.yaml --clerk c-0042
              stile link review --config source/stile.yaml --clerk c-0042 --pairs > pairs.csv
              stile link review --config source/stile.yaml --clerk c-0042 --answers answers.csv
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the source zone.")
    var config: String
    @Option(help: "Your id as a clerk, such as c-0042; never a name.")
    var clerk: String
    @Option(help: "The request; the oldest that waits for you by default.")
    var request: String?
    @Option(help: ArgumentHelp("Take the answers of this CSV file.", valueName: "file"))
    var answers: String?
    @Flag(help: "Begin your part, and only print its pairs, by pseudonym, as CSV.")
    var pairs = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if pairs, answers != nil {
            throw ValidationError("Give --pairs or --answers, not both.")
        }
    }

    func run() throws {
        guard try ZoneKind.of(config) == .source else {
            throw ValidationError("Names may be seen in the source zone only; give its stile.yaml.")
        }
        let shows = !pairs && answers == nil
        // A file or a pipe would keep the names.
        guard !shows || (isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1) else {
            throw StileError(
                .policy, "Names are shown on a terminal only.",
                remedy: "Run the command at a terminal, or answer with --answers.")
        }
        var session = try SourceZone.review(
            configuration: config, clerk: clerk, request: request)
        let said: String
        if pairs {
            Console.write(session.pairList, to: STDOUT_FILENO)
            return
        } else if let answers {
            said = try session.answer(fileAt: answers)
        } else {
            Self.clearWhenStopped()
            said = try ReviewDialogue(
                read: { readLine() }, write: { Console.write($0, to: STDOUT_FILENO) }
            ).run(&session)
        }
        common.console.result(
            said,
            [
                "request": .string(session.request), "clerk": .string(clerk),
                "pairs": .integer(session.pairs.count),
                "answered": .integer(session.answered),
                "result": .string(said),
            ])
    }

    /// A signal leaves no name on the terminal: what is answered is kept, the rest waits.
    private static func clearWhenStopped() {
        // Whoever started the program may have blocked signals, which a child inherits.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&wanted, number)
            signal(number) { _ in
                let clear: StaticString = "\u{1b}[H\u{1b}[2J\u{1b}[3J"
                _ = write(STDOUT_FILENO, clear.utf8Start, clear.utf8CodeUnitCount)
                _exit(6)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }
}
