import ClericalReview
import PipelineModel

/// The conversation with a clerk at a terminal: one pair at a time, line by line.
public struct ReviewDialogue {
    /// Clears the terminal and what it has scrolled away, so that no name stays in sight.
    public static let clear = "\u{1b}[H\u{1b}[2J\u{1b}[3J"

    private let read: () -> String?
    private let write: (String) -> Void

    /// - Parameters:
    ///   - read: Gives the next line of the clerk; `nil` at the end of the input.
    ///   - write: Shows a text; it goes to a terminal only.
    public init(read: @escaping () -> String?, write: @escaping (String) -> Void) {
        self.read = read
        self.write = write
    }

    /// Asks for every pair that has no answer.
    ///
    /// - Returns: What was done, without a name; the terminal is clear by then.
    public func run(_ session: inout ReviewSession) throws -> String {
        defer { write(Self.clear) }
        var pair = session.next ?? session.pairs.count
        while true {
            write(Self.clear)
            if pair < session.pairs.count {
                show(pair, of: session)
                switch ask(session, pair) {
                case .answer(let judgement, let reason):
                    try session.answer(pair, judgement, reason)
                    pair = session.next ?? session.pairs.count
                case .back: pair = max(0, pair - 1)
                case .stop: return Self.stopped(session)
                }
                continue
            }
            if let open = session.next {
                pair = open
                continue
            }
            write("All \(session.pairs.count) pairs are decided.\n")
            switch line("finish (f), go back (b), stop for now (q): ", ["f", "b", "q"]) {
            case "f": return try session.finish()
            case "b": pair = session.pairs.count - 1
            default: return Self.stopped(session)
            }
        }
    }

    private enum Choice {
        case answer(Judgement, ReviewReason)
        case back
        case stop
    }

    private func show(_ pair: Int, of session: ReviewSession) {
        write(
            "Pair \(pair + 1) of \(session.pairs.count), \(session.request)"
                + (session.isAdjudicating ? ": two clerks differ" : "") + "\n\n"
                + session.shown(pair) + "\n\n")
        if let answer = session.answers[session.pairs[pair].id] {
            write("You said: \(answer.judgement.words), \(answer.reason.words).\n")
        }
    }

    private func ask(_ session: ReviewSession, _ pair: Int) -> Choice {
        while true {
            let judgement: Judgement
            switch line(
                "one person (l), two people (n), cannot say (c), back (b), stop for now (q): ",
                ["l", "n", "c", "b", "q"])
            {
            case "l": judgement = .link
            case "n": judgement = .not
            case "c": judgement = .cannotSay
            case "b": return .back
            default: return .stop
            }
            let reasons = ReviewReason.reasons(for: judgement)
            for (number, reason) in reasons.enumerated() {
                write("  \(number + 1)  \(reason.words)\n")
            }
            let numbers = reasons.indices.map { String($0 + 1) }
            let word = line(
                "why (number), another answer (b), stop for now (q): ", numbers + ["b", "q"])
            if word == "q" { return .stop }
            if let number = Int(word) { return .answer(judgement, reasons[number - 1]) }
        }
    }

    /// Asks until one of `words` is given; the end of the input stops for now.
    private func line(_ prompt: String, _ words: [String]) -> String {
        while true {
            write(prompt)
            guard let given = read() else { return "q" }
            let word = given.filter { !$0.isWhitespace }.lowercased()
            if words.contains(word) { return word }
        }
    }

    private static func stopped(_ session: ReviewSession) -> String {
        "review \(session.request): \(session.answered) of \(session.pairs.count) pairs are decided and kept; the same command goes on"
    }
}

extension Judgement {
    /// The judgement in words.
    var words: String {
        switch self {
        case .link: "one person"
        case .not: "two people"
        case .cannotSay: "cannot say"
        }
    }
}
