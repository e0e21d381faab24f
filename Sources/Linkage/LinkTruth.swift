public import PipelineModel

/// Who is who in truth, for some or all of the subjects of a linkage.
public struct LinkTruth: Sendable, Equatable {
    /// A subject and its true person, under a pseudonym that says nothing but who is the same.
    public struct Row: Sendable, Equatable {
        public var subject: SubjectPseudonym
        public var person: PersonPseudonym

        public init(subject: SubjectPseudonym, person: PersonPseudonym) {
            self.subject = subject
            self.person = person
        }
    }

    /// More subjects than this have no person in common: a name that stands for “unknown” does.
    public static let mostSubjects = 1_000

    /// In ascending order of subject.
    public let rows: [Row]
    /// Rows that were left out, since no source holds their subject.
    public let notHeld: Int

    /// - Parameters:
    ///   - rows: Of subjects that are held, each once.
    ///   - notHeld: How many rows of other subjects there were besides.
    /// - Precondition: Nobody has more subjects than ``mostSubjects``.
    public init(_ rows: [Row], notHeld: Int = 0) {
        self.rows = rows.sorted { $0.subject < $1.subject }
        self.notHeld = notHeld
    }
}
