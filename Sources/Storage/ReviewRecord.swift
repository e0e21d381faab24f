public import Foundation
public import PipelineModel

/// A request for clerical review, as the source zone keeps it.
public struct ReviewRecord: Sendable, Equatable {
    public var id: String
    /// SHA-256 of the file of the request.
    public var digest: ContentDigest
    /// When a clerk first opened it.
    public var opened: Date
    /// SHA-256 of the file of answers, once it was handed over.
    public var answered: ContentDigest?
    /// In the order in which they began.
    public var clerks: [ReviewClerkRecord]

    public init(
        id: String, digest: ContentDigest, opened: Date, answered: ContentDigest? = nil,
        clerks: [ReviewClerkRecord] = []
    ) {
        self.id = id
        self.digest = digest
        self.opened = opened
        self.answered = answered
        self.clerks = clerks
    }
}

/// A clerk at work on a request.
public struct ReviewClerkRecord: Sendable, Equatable {
    public var clerk: String
    /// 1 and 2 decide independently; 3 decides where they differ.
    public var position: Int
    public var began: Date
    public var finished: Date?

    public init(clerk: String, position: Int, began: Date, finished: Date? = nil) {
        self.clerk = clerk
        self.position = position
        self.began = began
        self.finished = finished
    }
}

/// What a clerk decided of a pair.
public struct ReviewAnswerRecord: Sendable, Equatable {
    public var pair: String
    public var judgement: Judgement
    /// A code.
    public var reason: String
    public var at: Date

    public init(pair: String, judgement: Judgement, reason: String, at: Date) {
        self.pair = pair
        self.judgement = judgement
        self.reason = reason
        self.at = at
    }
}
