import Attestation
import ClericalReview
import ColumnFiles
import Foundation
import Linkage
import NightRun
import PipelineModel
import Storage

extension LinkingNight {
    /// Records what clerks settled otherwise than the linkage has it as overrides, which the next
    /// link reads.
    ///
    /// A label that contradicts what stands, or another label, is left out and counted.
    ///
    /// - Returns: What was done, for a note.
    static func apply(
        _ labels: ReviewLabels, of frame: ReviewFrame, in work: inout StageWork
    ) throws -> String {
        let columns = work.context.columns
        let held = try work.context.database.held(prefix: statePrefix)
        let state = try LinkState(
            tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
            file: columns.directory)
        let person = Dictionary(
            uniqueKeysWithValues: state.memberships.map { ($0.subject, $0.person) })
        let pairs = labels.pairs
        var overrides = state.overrides
        var leftOut = 0
        for pair in frame.drawn {
            guard let one = person[pair.left], let two = person[pair.right],
                let isMatch = pairs[pair.id]?.isMatch, isMatch != (one == two)
            else { continue }
            do {
                try overrides.record(
                    isMatch ? .join : .separate, [pair.left], [pair.right],
                    labels.grounds(pair.id, at: work.context.now()))
            } catch let error as StileError where error.code == .input {
                leftOut += 1
            }
        }
        let added = overrides.entries.dropFirst(state.overrides.entries.count)
        if !added.isEmpty {
            let digest = try work.write(overrides.table, as: "overrides")
            try work.hold(overridesName, digest)
            work.leaves += added.map { LinkingZone.leaf(of: $0, table: digest) }
        }
        return "; \(added.count) overrides recorded"
            + (leftOut > 0 ? ", \(leftOut) left out because they contradict what stands" : "")
    }
}

extension ReviewLabels {
    /// Who said so of a pair, and why.
    fileprivate func grounds(_ pair: String, at date: Date) -> LinkOverride.Grounds {
        let answers = answers(to: pair)
        let (first, second) = (answers?.clerks.first, answers?.clerks.last)
        let differ = first?.answers[pair]?.judgement != second?.answers[pair]?.judgement
        let deciding = differ ? answers?.adjudicator : first
        let others = differ ? "where two differed" : "as did \(second?.id ?? "")"
        let reason = deciding?.answers[pair]?.reason.rawValue ?? ""
        return LinkOverride.Grounds(
            who: deciding?.id ?? "", at: date,
            reason: "\(request), \(others): \(reason)", origin: .clerical)
    }
}
