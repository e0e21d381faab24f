import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import PipelineModel
import Storage

/// Where lists, their evidence and the decisions on them lie, and the policy and the log that
/// they stand under.
struct ListDesk {
    let configuration: LinkingConfiguration
    let policy: Policy

    init(_ configuration: LinkingConfiguration) throws {
        self.configuration = configuration
        let path = configuration.policy
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StileError(
                .configuration, "The policy cannot be read.", at: .init(file: path),
                remedy: "Put the policy there; without one nothing is proposed.")
        }
        policy = try Policy.read(Array(data), file: path)
        try policy.check(isSample: configuration.deployment == .sample, file: path)
    }

    var logFolder: String { "\(configuration.state)/log" }

    /// The log, for whoever holds its key.
    func log(_ fileSystem: any FileSystem = DiskFileSystem(), remembers: Bool = false) throws
        -> AppendOnlyLog
    {
        AppendOnlyLog(
            directory: logFolder, origin: policy.terms.logOrigin,
            key: try LogKey.read(fileAt: configuration.logKey), fileSystem: fileSystem,
            remembers: remembers)
    }

    /// The log, for whoever may only read it.
    func view() throws -> LogView {
        try AppendOnlyLog.view(
            directory: logFolder, origin: policy.terms.logOrigin, key: policy.terms.logKey)
    }

    func folder(of list: String) -> String { "\(configuration.lists)/\(list)" }

    /// A file of a list.
    func bytes(_ list: String, _ name: String) throws -> [UInt8] {
        let path = "\(folder(of: list))/\(name)"
        guard let bytes = try PlainFile.bytes(at: path) else {
            throw StileError(
                .input, "There is no such list, or its file is gone.", at: .init(file: path),
                remedy: "stile review --waiting names the lists there are.")
        }
        return bytes
    }

    /// The list as it was proposed, with its files checked against the proposal.
    ///
    /// - Parameter past: Whether it may have been proposed under an earlier policy, as an
    ///   auditor finds it years later.
    func proposed(_ id: String, past: Bool = false) throws -> (
        list: CandidateList, evidence: [UInt8], proposal: ListProposal
    ) {
        guard id.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }), !id.hasPrefix(".")
        else {
            throw StileError(
                .input, "This is not the id of a list.",
                remedy: "stile review --waiting names the lists there are.")
        }
        let folder = folder(of: id)
        let listBytes = try bytes(id, CandidateList.fileName)
        let evidence = try bytes(id, "evidence.json")
        let proposal = try ListProposal.read(
            bytes(id, "statement.json"), file: "\(folder)/statement.json")
        if past {
            try proposal.check(list: listBytes, evidence: evidence)
        } else {
            try proposal.check(list: listBytes, evidence: evidence, policy: policy)
        }
        let list = try CandidateList.read(listBytes, file: "\(folder)/\(CandidateList.fileName)")
        return (list, evidence, proposal)
    }

    /// What the release zone signed of the list, where this zone is told where to read it.
    ///
    /// - Throws: `StileError` with code `integrity` where it is not the release zone's own, or
    ///   of other files than those proposed.
    func released(_ id: String, _ proposal: ListProposal) throws -> ReleaseStatement? {
        guard let folder = configuration.released else { return nil }
        let path = "\(folder)/\(id)/\(ReleaseStatement.fileName)"
        guard let bytes = try PlainFile.bytes(at: path) else { return nil }
        let statement = try ReleaseStatement(bytes, of: id, policy: policy, file: path)
        try statement.check(proposal, file: path)
        return statement
    }

    /// The newest list of the model besides `id`; `nil` where there is none.
    func lastList(of model: String, besides id: String) throws -> CandidateList? {
        let database = try LinkingZone.database(configuration)
        let records = try database.lists().filter { $0.model == model && $0.id != id }
            .sorted { ($0.asOf, $0.created, $0.id) < ($1.asOf, $1.created, $1.id) }
        guard let last = records.last else { return nil }
        return try CandidateList.read(
            bytes(last.id, CandidateList.fileName),
            file: "\(folder(of: last.id))/\(CandidateList.fileName)")
    }

    /// The envelopes of the sign-offs of a list, in order of name.
    func envelopes(_ list: String) throws -> [Gate.EnvelopeFile] {
        let folder = "\(folder(of: list))/signoffs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try names.filter { $0.hasSuffix(".dsse.json") }.sorted().map {
            Gate.EnvelopeFile(file: "\(folder)/\($0)", bytes: try bytes(list, "signoffs/\($0)"))
        }
    }
}
