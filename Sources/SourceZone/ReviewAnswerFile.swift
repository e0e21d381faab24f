import ClericalReview
import PipelineModel
import Tabular

extension ReviewSession {
    /// Takes the answers of a CSV file with the columns `pair`, `answer` and `reason`: all that are
    /// still open, or none.
    ///
    /// - Returns: What ``finish()`` says.
    /// - Throws: `StileError` with code `input` and all faults of the file at once.
    public mutating func answer(fileAt path: String) throws -> String {
        let reader = try CSVReader(path: path, file: path, dialect: CSVDialect())
        var faults: [StileError] = []
        func fault(_ message: String, line: Int? = nil, _ remedy: String) {
            faults.append(
                StileError(.input, message, at: .init(file: path, line: line), remedy: remedy))
        }
        guard let pairColumn = reader.header.firstIndex(of: "pair"),
            let answerColumn = reader.header.firstIndex(of: "answer"),
            let reasonColumn = reader.header.firstIndex(of: "reason")
        else {
            throw StileError(
                .input, "The file of answers has other columns.", at: .init(file: path, line: 1),
                remedy: "Its first line must hold pair, answer and reason.")
        }
        let asked = Set(pairs.map(\.id))
        var given: [String: (judgement: Judgement, reason: ReviewReason)] = [:]
        try reader.forEachRow { row in
            guard row.fault == nil else {
                fault("The row cannot be read.", line: row.line, "Write three fields.")
                return
            }
            let pair = row.text(pairColumn)
            guard asked.contains(pair) else {
                fault(
                    "The row answers a pair that was not asked about.", line: row.line,
                    "Take the ids from stile link review --pairs.")
                return
            }
            guard let judgement = Judgement(rawValue: row.text(answerColumn)) else {
                fault(
                    "The answer is none.", line: row.line, "Write link, not or cannot_say.")
                return
            }
            guard let reason = ReviewReason(rawValue: row.text(reasonColumn)),
                reason.judgement == judgement
            else {
                let reasons = ReviewReason.reasons(for: judgement).map(\.rawValue)
                fault(
                    "The reason is none for “\(judgement.rawValue)”.", line: row.line,
                    "Write one of \(reasons.joined(separator: ", ")).")
                return
            }
            if given.updateValue((judgement, reason), forKey: pair) != nil {
                fault(
                    "The file answers a pair twice.", line: row.line, "Keep one of the answers.")
            }
        }
        let open = pairs.count { given[$0.id] == nil && answers[$0.id] == nil }
        if open > 0 {
            fault(
                "\(open) of \(pairs.count) pairs have no answer; nothing was kept.",
                "Answer them all; “cannot_say” is an answer.")
        }
        if let error = StileError.all(Array(faults.prefix(20))) { throw error }
        try answer(given)
        return try finish()
    }

    /// The pairs as CSV, for a clerk who decides elsewhere: ids, sources and pseudonyms.
    public var pairList: String {
        "pair,left_source,left_subject,right_source,right_subject\n"
            + pairs.map {
                "\($0.id),\($0.left.source),\($0.left.subject.hex),\($0.right.source),\($0.right.subject.hex)\n"
            }.joined()
    }
}
