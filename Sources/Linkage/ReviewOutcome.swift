public import PipelineModel

/// What came of one clerical review: agreement, and how good the linkage was when its pairs were
/// drawn.
public struct ReviewOutcome: Sendable, Equatable, Codable {
    public var request: String
    /// The day on which the pairs were drawn, by the deployment's clock.
    public var drawn: String
    /// Pairs of which more was said than the two clerks' own answers.
    public var adjudicated: Int
    public var agreement: ClerkAgreement
    /// From the pairs that the clerks settled.
    public var quality: ReviewedQuality
    /// The same, were all that they could not settle two people, and were they one.
    public var bounds: [ReviewedQuality]
    /// By class of pair: drawn, one person, two, not settled.
    public var classes: [Row]
    /// What each source zone was asked, where they are named; `nil` where one holds
    /// everything.
    public var zones: [Zone]?

    /// What one source zone was asked.
    public struct Zone: Sendable, Equatable, Codable {
        /// Empty for the pairs that no zone holds wholly.
        public var name: String
        public var population: Int
        public var drawn: Int
        /// Pairs that its clerks have answered.
        public var answered: Int
    }

    public struct Row: Sendable, Equatable, Codable {
        public var kind: String
        public var linked: Bool
        public var population: Int
        public var drawn: Int
        public var match: Int
        public var different: Int
        public var unsettled: Int
    }

    /// - Parameters:
    ///   - request: The id of the request.
    ///   - drawn: The day of the draw.
    ///   - frame: What was drawn.
    ///   - pairs: Both clerks' judgements of each pair by its id, and a third one where they
    ///     differed and somebody decided.
    ///   - neverCompared: The share of matches that no key brings together.
    public init(
        request: String, drawn: String, frame: ReviewFrame, pairs: [String: ReviewedPair],
        neverCompared: Double
    ) {
        self.request = request
        self.drawn = drawn
        adjudicated = pairs.values.count { $0.third != nil }
        agreement = ClerkAgreement(
            frame.drawn.compactMap { pairs[$0.id] }.map { ($0.first, $0.second) })
        var match: [String: Bool] = [:]
        for (id, pair) in pairs { match[id] = pair.isMatch }
        quality = ReviewedQuality(frame, match: match, neverCompared: neverCompared)
        let seen = frame.drawn.count { pairs[$0.id] != nil }
        quality.pairs = seen
        bounds = [false, true].map { otherwise in
            ReviewedQuality(
                frame,
                match: Dictionary(
                    uniqueKeysWithValues: pairs.keys.map { ($0, match[$0] ?? otherwise) }),
                neverCompared: neverCompared)
        }
        for index in bounds.indices { bounds[index].pairs = seen }
        zones = frame.zones != [""] ? Self.zones(frame, pairs) : nil
        classes = ReviewFrame.Class.allCases.flatMap { kind in
            [true, false].compactMap { linked in
                let strata = frame.strata.indices.filter {
                    frame.strata[$0].kind == kind && frame.strata[$0].linked == linked
                }
                guard !strata.isEmpty else { return nil }
                let drawn = frame.drawn.filter { strata.contains($0.stratum) }
                let answers = drawn.filter { pairs[$0.id] != nil }.map { match[$0.id] }
                return Row(
                    kind: kind.words, linked: linked,
                    population: strata.reduce(0) { $0 + frame.strata[$1].population },
                    drawn: drawn.count, match: answers.count { $0 == true },
                    different: answers.count { $0 == false },
                    unsettled: answers.count { $0 == nil })
            }
        }
    }
}

extension ReviewOutcome {
    private static func zones(
        _ frame: ReviewFrame, _ pairs: [String: ReviewedPair]
    ) -> [Zone] {
        (frame.zones.indices.map(Optional.some) + [nil]).map { zone in
            let strata = frame.strata.filter { $0.zone == zone }
            return Zone(
                name: zone.map { frame.zones[$0] } ?? "",
                population: strata.reduce(0) { $0 + $1.population },
                drawn: strata.reduce(0) { $0 + $1.drawn },
                answered: zone.map { frame.drawn(for: $0).count { pairs[$0.id] != nil } } ?? 0)
        }
    }
}

/// What clerks said of one pair.
public struct ReviewedPair: Sendable, Equatable {
    public var first: Judgement
    public var second: Judgement
    /// Who decided where the two differ.
    public var third: Judgement?

    public init(first: Judgement, second: Judgement, third: Judgement? = nil) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Whether the two are one person; `nil` where that is not settled.
    public var isMatch: Bool? {
        switch first == second ? first : third ?? .cannotSay {
        case .link: true
        case .not: false
        case .cannotSay: nil
        }
    }
}

extension ReviewFrame.Class {
    /// The class in words.
    public var words: String {
        switch self {
        case .uncertain: "uncertain"
        case .certainLink: "certain link"
        case .certainNonLink: "certain non-link"
        }
    }
}
