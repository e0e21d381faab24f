/// What went wrong, where, and what to do about it, in one sentence each.
///
/// No message ever holds a person's value: not a name, a number, a date of birth
/// or the content of a cell. A place is a file, a line and a column name.
public struct StileError: Error, Sendable, CustomStringConvertible {
    /// The kind of fault; each has an exit status of its own.
    public struct Code: Hashable, Sendable {
        private enum Kind: Int32 {
            case configuration = 2
            case input = 3
            case policy = 4
            case integrity = 5
            case interrupted = 6
            case inputOutput = 7
            case busy = 8
        }

        private let kind: Kind

        /// The configuration, a specification or a key file is wrong.
        public static let configuration = Code(kind: .configuration)
        /// An extract, or something that it should hold, is wrong or missing.
        public static let input = Code(kind: .input)
        /// A policy, a zone rule or a missing signature forbids it.
        public static let policy = Code(kind: .policy)
        /// Something stored is not what was written: a digest, a signature or the log.
        public static let integrity = Code(kind: .integrity)
        /// A signal stopped the run; the next run finishes the work.
        public static let interrupted = Code(kind: .interrupted)
        /// The file system or the database refused.
        public static let inputOutput = Code(kind: .inputOutput)
        /// Another run holds the lock.
        public static let busy = Code(kind: .busy)

        /// The status with which the command ends.
        public var exitStatus: Int32 { kind.rawValue }

        /// The word that JSON output and run records use.
        public var name: String {
            switch kind {
            case .configuration: "configuration"
            case .input: "input"
            case .policy: "policy"
            case .integrity: "integrity"
            case .interrupted: "interrupted"
            case .inputOutput: "input-output"
            case .busy: "busy"
            }
        }
    }

    /// Where it happened: a file, and a line and column (or field name) in it.
    public struct Place: Hashable, Sendable, CustomStringConvertible {
        public var file: String
        public var line: Int?
        public var column: String?

        public init(file: String, line: Int? = nil, column: String? = nil) {
            self.file = file
            self.line = line
            self.column = column
        }

        public var description: String {
            [file, line.map(String.init), column].compactMap(\.self).joined(separator: ":")
        }
    }

    public var code: Code
    /// What happened, without a person's value.
    public var message: String
    public var place: Place?
    /// What the user can do now.
    public var remedy: String
    /// Further faults of the same kind, when all are reported at once.
    public var others: [StileError]

    public init(
        _ code: Code, _ message: String, at place: Place? = nil, remedy: String,
        others: [StileError] = []
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy
        self.others = others
    }

    /// One line for each fault: place, what happened, what to do.
    public var description: String {
        let head = [place.map { "\($0): " } ?? "", message, " ", remedy].joined()
        return ([head] + others.map(\.description)).joined(separator: "\n")
    }

    /// One error that reports all of `faults`; `nil` where there are none.
    public static func all(_ faults: [StileError]) -> StileError? {
        guard var first = faults.first else { return nil }
        first.others += faults.dropFirst()
        return first
    }
}
