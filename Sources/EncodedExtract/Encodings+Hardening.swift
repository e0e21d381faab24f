extension Encodings {
    /// What was done to a filter between drawing and storing it, as far as it changes how alike
    /// filters are.
    ///
    /// It is no secret: who compares filters takes it into account, and so does who attacks them.
    public struct Hardening: Sendable, Equatable, CustomStringConvertible {
        /// How many bits that were drawn each stored bit is the exclusive or of: 1 where the filter is
        /// stored as it is drawn, the diffusion, twice as many of a folded filter.
        public var mixed: Int
        /// The probability with which each stored bit was then inverted, from 0 to below 0.5.
        public var flip: Double

        /// Stored as it is drawn.
        public static let none = Hardening(mixed: 1, flip: 0)

        /// - Parameters:
        ///   - mixed: How many drawn bits a stored bit is the exclusive or of; at least 1.
        ///   - flip: The probability with which each stored bit was inverted, from 0 to below 0.5.
        public init(mixed: Int, flip: Double) {
            self.mixed = mixed
            self.flip = flip
        }

        /// The two numbers as a column file holds them.
        public var description: String { "\(mixed) \(flip)" }

        /// Reads what ``description`` writes; `nil` where it is something else.
        public init?(_ text: String) {
            let parts = text.split(separator: " ")
            guard parts.count == 2, let mixed = Int(parts[0]), let flip = Double(parts[1]),
                (1...64).contains(mixed), flip >= 0, flip < 0.5
            else { return nil }
            self.init(mixed: mixed, flip: flip)
        }
    }
}
