/// The strongest reasons of many rows, in contiguous arrays without a gap between rows.
public struct ReasonTable: Sendable, Equatable {
    /// How many reasons of each kind a row has at most.
    public struct Top: Sendable, Equatable {
        /// Those that raise the score, the strongest first.
        public var raising: Int
        /// Those that lower it, the strongest first.
        public var lowering: Int

        /// - Precondition: neither is below 0.
        public init(raising: Int, lowering: Int) {
            precondition(raising >= 0 && lowering >= 0, "a number of reasons below 0")
            self.raising = raising
            self.lowering = lowering
        }
    }

    /// Stands where a row has fewer reasons of the kind.
    public static let noTerm: Int32 = -1

    public let top: Top
    /// The number of rows.
    public let rows: Int
    /// Indices into the terms of the equation, or ``noTerm``.
    ///
    /// Reason `s` of row `r` stands at `r * top.raising + s`, equal parts in the order of the terms.
    public var raisingTerms: [Int32]
    /// What each of these adds, β (x − mean) in log odds, above 0; 0 where there is none.
    public var raisingParts: [Double]
    /// Indices into the terms of the equation, or ``noTerm``.
    ///
    /// Reason `s` of row `r` stands at `r * top.lowering + s`, equal parts in the order of the terms.
    public var loweringTerms: [Int32]
    /// What each of these adds, below 0; 0 where there is none.
    public var loweringParts: [Double]

    /// A table without a reason.
    init(rows: Int, top: Top) {
        self.top = top
        self.rows = rows
        raisingTerms = [Int32](repeating: ReasonTable.noTerm, count: rows * top.raising)
        raisingParts = [Double](repeating: 0, count: rows * top.raising)
        loweringTerms = [Int32](repeating: ReasonTable.noTerm, count: rows * top.lowering)
        loweringParts = [Double](repeating: 0, count: rows * top.lowering)
    }

    /// The reasons of a row that raise its score, the strongest first.
    public func raising(_ row: Int) -> [(term: Int, part: Double)] {
        Self.some(raisingTerms, raisingParts, row * top.raising..<(row + 1) * top.raising)
    }

    /// The reasons of a row that lower its score, the strongest first.
    public func lowering(_ row: Int) -> [(term: Int, part: Double)] {
        Self.some(loweringTerms, loweringParts, row * top.lowering..<(row + 1) * top.lowering)
    }

    private static func some(_ terms: [Int32], _ parts: [Double], _ slots: Range<Int>)
        -> [(term: Int, part: Double)]
    {
        slots.filter { terms[$0] != noTerm }.map { (Int(terms[$0]), parts[$0]) }
    }
}
