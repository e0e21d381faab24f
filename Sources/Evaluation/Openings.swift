/// How often the labels of the test rows of a model were read.
///
/// Each look invites a change in the light of what was seen, so that the figures of a later one
/// are no longer those of data that nobody had seen.
public struct Openings: Codable, Sendable, Equatable {
    /// This reading included.
    public var count: Int
    /// How many different equations were evaluated, this one included.
    public var equations: Int
    /// How many different specifications, and with them margins, they were evaluated under.
    public var specifications: Int
    /// The day of the first reading, as the deployment writes days.
    public var first: String

    public init(count: Int, equations: Int, specifications: Int, first: String) {
        self.count = count
        self.equations = equations
        self.specifications = specifications
        self.first = first
    }
}
