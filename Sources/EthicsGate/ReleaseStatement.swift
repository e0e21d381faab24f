public import Attestation
import PipelineModel

/// What the release zone signed of a list that left: when, to whom, how many; nobody's name.
public struct ReleaseStatement: Sendable {
    /// The file beside a released list that holds it.
    public static let fileName = "release.dsse.json"
    /// The type of the statement about a released list.
    public static let predicateType = "urn:stile:release:v1"

    public let list: String
    public let released: Timestamp
    public let recipients: [String]
    /// How many rows left: people, or members of a household.
    public let rows: Int
    /// How many approved rows were taken off because of an exclusion.
    public let dropped: Int
    /// What was approved and what left, by name and digest.
    public let subjects: [Statement.Subject]

    /// Reads the envelope of `list` and verifies it with the release key of the policy.
    ///
    /// - Throws: `StileError` with code `integrity` where the signature is another's, or the
    ///   statement is of another list or another kind.
    public init(_ bytes: [UInt8], of list: String, policy: Policy, file: String) throws {
        let statement = try Envelope.read(bytes, file: file)
            .statement(verifiedWith: policy.terms.releaseSigningKey, file: file)
        guard statement.predicateType == Self.predicateType else {
            throw StileError(
                .integrity, "The statement is not about a released list.", at: .init(file: file),
                remedy: "Put the release zone's own statement there.")
        }
        var fields = try JSONFields(statement.predicate, what: "release statement", file: file)
        guard try fields.string("list").utf8.elementsEqual(list.utf8) else {
            throw fields.fault("it is of another list")
        }
        self.list = list
        released = try fields.timestamp("released")
        recipients = try fields.strings("recipients")
        rows = try fields.integer("rows")
        dropped = try fields.integer("dropped")
        subjects = statement.subjects
    }

    /// Refuses a statement over other files than those that were proposed.
    ///
    /// - Throws: `StileError` with code `integrity`.
    public func check(_ proposal: ListProposal, file: String) throws {
        for subject in proposal.subjects where self[subject.name] != subject.digest {
            throw StileError(
                .integrity, "What was released is not what was proposed (\(subject.name)).",
                at: .init(file: file), remedy: "Find out which was changed.")
        }
    }

    private subscript(name: String) -> ContentDigest? {
        subjects.first { $0.name == name }?.digest
    }
}
