import Attestation
import ClericalReview
import ColumnFiles
public import Foundation
import Intake
import NightRun
import PipelineModel
import Sealing
import Storage

extension SourceZone {
    /// Lets a clerk begin or go on with a review of pairs of records.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - clerk: The id of the clerk; never a name.
    ///   - request: The request; `nil` takes the oldest that waits for this clerk.
    ///   - now: The moment, for the record.
    /// - Throws: `StileError`: `policy` where this clerk may not decide or has decided, `integrity`
    ///   where the request was changed, `configuration` where it is sealed to another key, `input`
    ///   where nothing waits or a subject is not held, `busy` where a night or the same clerk is at
    ///   work.
    public static func review(
        configuration path: String, clerk: String, request: String? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> ReviewSession {
        let setting = try SourceSetting(configuration: path)
        try ZoneSeparation.check(
            isSample: setting.contract.deployment == .sample, own: "source",
            other: setting.folders.linkingZone, warn: { _ in })
        try setting.checkMayReview(clerk)
        guard setting.hasRun else {
            throw StileError(
                .input, "The source zone has had no night, so nobody can have asked about it.",
                at: .init(file: path), remedy: "Run a night of the source zone first.")
        }
        let desk = try ReviewDesk(setting)
        let lock = try RunLock(path: "\(setting.folders.state)/review-\(clerk).lock", now: now())
        try desk.finishHandingOver(now: now())
        let (received, part) = try desk.take(request, for: clerk)
        return try ReviewSession(
            desk, received, part: part, clerk: clerk, lock: lock, now: now)
    }

    /// Makes the review key of the zone, and the public part beside it.
    ///
    /// - Returns: The path of the public part, which goes to the linking zone.
    public static func makeReviewKey(configuration path: String) throws -> String {
        let setting = try SourceSetting(configuration: path)
        return try setting.makeReviewKey()
    }
}

extension ReviewDesk {
    /// The request that a clerk asks for, or the oldest that waits for them.
    fileprivate func take(
        _ id: String?, for clerk: String
    ) throws -> (request: Received, part: Part) {
        if let id {
            guard Identifier.isValid(id) else {
                throw StileError(
                    .input, "This is not the id of a request.",
                    remedy: "Leave --request out to take the oldest that waits.")
            }
            let received = try receive(id)
            return (received, try part(of: clerk, in: id))
        }
        var refused: StileError?
        var waiting: [(request: Received, part: Part)] = []
        for id in try folder.requests() where Identifier.isValid(id) {
            guard try database.review(id)?.answered == nil else { continue }
            do {
                let part = try part(of: clerk, in: id)
                waiting.append((try receive(id), part))
            } catch let error as StileError
                where error.code == .policy || error.code == .configuration
            {
                // Requests to other source zones may come through the same folder.
                refused = refused ?? error
            }
        }
        // What a clerk has begun comes first.
        let oldest = waiting.min {
            ($0.part.hasBegun ? 0 : 1, $0.request.request.made, $0.request.request.id)
                < ($1.part.hasBegun ? 0 : 1, $1.request.request.made, $1.request.request.id)
        }
        guard let oldest else {
            throw refused
                ?? StileError(
                    .input, "No request for review waits.", at: .init(file: folder.path),
                    remedy: "Draw one in the linking zone: stile link sample.")
        }
        return oldest
    }

    /// Hands over what a run that was killed did not, and what has gone from the folder since.
    fileprivate func finishHandingOver(now: Date) throws {
        for review in try database.reviews()
        where FileManager.default.fileExists(atPath: folder.request(review.id)) {
            _ = try settle(review.id, now: now)
        }
    }
}

extension SourceSetting {
    /// The folder through which requests come and answers go.
    var reviewFolder: String { AbsolutePath.resolve(contract.review.folder, against: folder) }

    /// The key that opens requests and signs answers.
    var reviewKey: String { AbsolutePath.resolve(contract.review.key, against: folder) }

    /// The public part of a review key lies beside it.
    var reviewPublicKey: String {
        "\((reviewKey as NSString).deletingPathExtension).pub"
    }

    func makeReviewKey() throws -> String {
        let key = try ZoneKey.generate(.review)
        try Self.makeFolder(
            (reviewKey as NSString).deletingLastPathComponent, permissions: 0o700)
        try PrivateFile.create(key.bytes, at: reviewKey)
        try disk.writeDurably(key.publicReviewKey.bytes, to: reviewPublicKey, permissions: 0o640)
        return reviewPublicKey
    }

    /// - Throws: `StileError` where the id is none, or is not among those who may decide.
    fileprivate func checkMayReview(_ clerk: String) throws {
        guard Identifier.isValid(clerk) else {
            throw StileError(
                .configuration, "A clerk's id may hold a–z, 0–9, “.”, “_” and “-” only.",
                remedy: "Use an id such as c-0042; never a name.")
        }
        let clerks = contract.review.clerks
        guard !clerks.isEmpty || contract.deployment == .sample else {
            throw StileError(
                .policy, "A real deployment must say who may review.", at: .init(file: path),
                remedy: "Write the ids of the clerks under “review: clerks:”.")
        }
        guard clerks.isEmpty || clerks.contains(clerk) else {
            throw StileError(
                .policy, "“\(clerk)” is not among those who may review.", at: .init(file: path),
                remedy: "Add the id under “review: clerks:”, or let one of them decide.")
        }
    }
}
