public import Foundation
public import PipelineModel

/// What a person, or a clerical review, has said of subjects, against or with the weights: that
/// they are one person, or that they are not; or that an earlier entry no longer stands.
public struct LinkOverride: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Every subject of ``LinkOverride/left`` and ``LinkOverride/right`` is one person.
        case join
        /// No subject of ``LinkOverride/left`` is the person of one of ``LinkOverride/right``.
        case separate
        /// The entry ``LinkOverride/undoes`` no longer stands.
        case undo
    }

    /// Where it comes from.
    public enum Origin: String, Sendable, CaseIterable {
        /// Somebody in the linking zone.
        case person
        /// The answers of a clerical review.
        case clerical
    }

    /// Who says so, when and why.
    public struct Grounds: Sendable, Equatable {
        /// An account or a holder's id, never a name.
        public var who: String
        /// To the second.
        public var at: Date
        /// In words that name nobody.
        public var reason: String
        public var origin: Origin

        public init(who: String, at: Date, reason: String, origin: Origin = .person) {
            self.who = who
            self.at = Date(timeIntervalSince1970: at.timeIntervalSince1970.rounded(.down))
            self.reason = reason
            self.origin = origin
        }
    }

    /// From 1, in the order in which they were recorded.
    public var number: Int
    public var kind: Kind
    /// In ascending order; empty for an undo.
    public var left: [SubjectPseudonym]
    public var right: [SubjectPseudonym]
    /// The number of the entry that an undo takes back.
    public var undoes: Int?
    public var grounds: Grounds

    /// The pairs of subjects that it joins (as few as hold all together) or separates (all).
    var pairs: [(SubjectPseudonym, SubjectPseudonym)] {
        switch kind {
        case .join:
            guard let first = left.first, let second = right.first else { return [] }
            return right.map { (first, $0) } + left.dropFirst().map { ($0, second) }
        case .separate: return left.flatMap { one in right.map { (one, $0) } }
        case .undo: return []
        }
    }
}
