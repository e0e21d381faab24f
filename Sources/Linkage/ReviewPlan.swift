public import StrictYAML

/// How many pairs go to clerical review, and of which kinds: `linkage: review:`.
public struct ReviewPlan: Sendable, Equatable {
    /// The pairs of one request.
    public var size = 300
    /// Another seed draws other pairs of the same linkage.
    public var seed = 1
    /// The share of pairs that are uncertain; the others are certain links and certain non-links,
    /// half and half.
    public var uncertain = 0.5
    /// Strata of each class of pairs.
    public var strata = 4
    /// How many bits below the review threshold a candidate pair may lie to be drawn.
    public var depth = 6.0
    /// The sources of which both subjects of a pair must be; empty for all.
    public var sources: [String] = []
    /// Whether what clerks settled against the linkage becomes an override.
    public var applies = false

    public init() {}

    /// Reads `review:`; all of it is optional.
    public init(_ node: YAMLNode, faults: inout FaultList) {
        self.init()
        var reader = MappingReader(node, what: "review", faults: &faults)
        size = reader.integer("size", in: 10...20_000, default: size, &faults)
        seed = reader.integer("seed", in: 0...1_000_000_000, default: seed, &faults)
        uncertain = reader.number("uncertain", in: 0...1, default: uncertain, &faults)
        strata = reader.integer("strata", in: 1...50, default: strata, &faults)
        depth = reader.number("depth", in: 0...30, default: depth, &faults)
        sources = reader.strings("sources", &faults).sorted()
        applies = reader.boolean("apply", default: false, &faults)
        reader.finish(&faults)
    }
}
