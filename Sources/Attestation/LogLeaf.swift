public import PipelineModel

/// One step on record: what happened, when, by whom, to which list; digests
/// and identifiers only, nothing personal and no free text.
public struct LogLeaf: Sendable, Equatable {
    /// The position in the log, from 0.
    public var number: Int
    public var at: Timestamp
    public var entry: Entry

    /// What the caller says of a step; the log adds the position and the time.
    public struct Entry: Sendable, Equatable {
        /// What happened, such as `list.proposed`.
        public var kind: String
        /// The list that it happened to; empty where there is none.
        public var list: String
        /// The person id or the account that did it.
        public var actor: String
        /// The files concerned, by name and digest.
        public var subjects: [Statement.Subject]
        /// The run in which it happened; empty where it was none.
        public var run: String
        /// The part of the deployment: an extract, a model; empty where it was the whole.
        public var scope: String
        /// How many there were, by name; never of people.
        public var counts: [String: Int]

        public init(
            kind: String, list: String = "", actor: String, subjects: [Statement.Subject] = [],
            run: String = "", scope: String = "", counts: [String: Int] = [:]
        ) {
            self.kind = kind
            self.list = list
            self.actor = actor
            self.subjects = subjects
            self.run = run
            self.scope = scope
            self.counts = counts
        }

        /// The digest of the subject called `name`, where there is one.
        public subscript(name: String) -> ContentDigest? {
            subjects.first { $0.name == name }?.digest
        }

        /// - Throws: `StileError` where a text is not an identifier, so that
        ///   nothing personal can slip into the log.
        func check() throws {
            let names = subjects.map(\.name)
            guard Identifier.isValid(kind), Identifier.isValid(actor),
                [list, run, scope].allSatisfy({ $0.isEmpty || Identifier.isValid($0) }),
                names.allSatisfy(Identifier.isValid), Set(names).count == names.count,
                counts.keys.allSatisfy(Identifier.isValid)
            else {
                throw StileError(
                    .configuration, "A leaf of the log may hold identifiers and digests only.",
                    remedy: "Name kinds, people, lists and files by a–z, 0–9, “.”, “_” and “-”.")
            }
        }
    }

    public init(number: Int, at: Timestamp, entry: Entry) {
        self.number = number
        self.at = at
        self.entry = entry
    }

    /// The canonical line, without the newline; the leaf hash is over these bytes.
    ///
    /// `run`, `scope` and `counts` stand only where the step has them.
    public var bytes: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("n", .integer(Int64(number))), .init("at", .string(at.description)),
            .init("kind", .string(entry.kind)), .init("list", .string(entry.list)),
            .init("actor", .string(entry.actor)),
            .init(
                "subjects",
                .object(entry.subjects.map { .init($0.name, .string($0.digest.hex)) })),
        ]
        if !entry.run.isEmpty { members.append(.init("run", .string(entry.run))) }
        if !entry.scope.isEmpty { members.append(.init("scope", .string(entry.scope))) }
        if !entry.counts.isEmpty {
            let counts = entry.counts.sorted { $0.key < $1.key }
            members.append(
                .init("counts", .object(counts.map { .init($0.key, .integer(Int64($0.value))) })))
        }
        return CanonicalJSON.bytes(.object(members))
    }

    /// Reads a line; `nil` unless it is the canonical line of the leaf at `number`.
    static func read(_ line: [UInt8], number: Int, file: String) -> LogLeaf? {
        guard let document = try? StrictJSON.read(line, file: file),
            var fields = try? JSONFields(document, what: "log leaf", file: file),
            let at = try? fields.timestamp("at"), let kind = try? fields.string("kind"),
            let list = try? fields.string("list"), let actor = try? fields.string("actor"),
            var named = try? fields.object("subjects"), let texts = try? named.texts()
        else { return nil }
        var subjects: [Statement.Subject] = []
        for name in texts.keys.sorted() {
            guard let digest = ContentDigest(hex: texts[name] ?? "") else { return nil }
            subjects.append(.init(name, digest))
        }
        var entry = Entry(kind: kind, list: list, actor: actor, subjects: subjects)
        if fields.has("run") { entry.run = (try? fields.string("run")) ?? "" }
        if fields.has("scope") { entry.scope = (try? fields.string("scope")) ?? "" }
        if fields.has("counts") {
            guard var counts = try? fields.object("counts"), let read = try? counts.integers()
            else { return nil }
            entry.counts = read
        }
        let leaf = LogLeaf(number: number, at: at, entry: entry)
        return leaf.bytes == line ? leaf : nil
    }
}
