public import PipelineModel

/// An in-toto Statement v1: these subjects, named and digested, and what is
/// said of them.
public struct Statement: Sendable, Equatable {
    /// The type of every statement.
    public static let type = "https://in-toto.io/Statement/v1"
    /// The type of the payload in an envelope.
    public static let payloadType = "application/vnd.in-toto+json"
    /// The most bytes that a statement may have.
    public static let sizeLimit = 1 << 16

    /// A file by its name and SHA-256.
    public struct Subject: Sendable, Equatable {
        public var name: String
        public var digest: ContentDigest

        public init(_ name: String, _ digest: ContentDigest) {
            self.name = name
            self.digest = digest
        }
    }

    public var subjects: [Subject]
    public var predicateType: String
    /// An object; whoever knows the predicate type reads it.
    public var predicate: JSONValue

    public init(subjects: [Subject], predicateType: String, predicate: JSONValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// The canonical bytes: build them once, keep them, sign them.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "_type": .string(Self.type),
                "subject": .array(
                    subjects.map {
                        .object([
                            "name": .string($0.name),
                            "digest": .object(["sha256": .string($0.digest.hex)]),
                        ])
                    }),
                "predicateType": .string(predicateType),
                "predicate": predicate,
            ]))
    }

    /// Reads the bytes of a statement; `file` is what messages call them.
    ///
    /// - Throws: `StileError` with code `integrity`, also where two subjects
    ///   share a name or a digest is not a SHA-256 in lower case.
    public static func read(_ bytes: [UInt8], file: String) throws -> Statement {
        let document = try StrictJSON.read(bytes, file: file, limit: sizeLimit)
        var fields = try JSONFields(document, what: "statement", file: file)
        guard try fields.string("_type") == type else {
            throw fields.fault("it is not an in-toto statement of version 1")
        }
        var subjects: [Subject] = []
        for item in try fields.array("subject") {
            var subject = try JSONFields(item, what: "subject", file: file)
            var digests = try subject.object("digest")
            subjects.append(Subject(try subject.string("name"), try digests.digest("sha256")))
            try digests.finish()
            try subject.finish()
        }
        guard !subjects.isEmpty else { throw fields.fault("it has no subject") }
        guard Set(subjects.map(\.name)).count == subjects.count else {
            throw fields.fault("two of its subjects have one name")
        }
        let statement = Statement(
            subjects: subjects, predicateType: try fields.string("predicateType"),
            predicate: try fields.value("predicate"))
        try fields.finish()
        return statement
    }

    /// The digest of the subject called `name`, where there is one.
    public subscript(name: String) -> ContentDigest? {
        subjects.first { $0.name == name }?.digest
    }
}
