import Foundation
import Linkage

/// One run as JSON, with the keys that `Benchmarks/peers/README.md` lists.
struct Results {
    var set: String
    /// Which dial the set was encoded at, or that it was not.
    var variant: String
    /// The dial as the specification writes it.
    var dial: String
    var pairs: Quality
    var groups: Quality
    /// Whether a group holds a record of a source once.
    var isOneToOne: Bool
    /// Groups from odds of 19 to 1, and from even odds.
    var sure: Quality
    var likely: Quality
    /// The people at the threshold that the estimate chooses, as a run makes them, and what it
    /// expects there.
    var chosen: Quality
    /// The people there, by a property of their records.
    var grouped: [GroupedQuality]
    var expected: QualityEstimate.Quality
    var compared: Double
    /// Pairs that were compared.
    var comparedPairs: Int
    /// The share of pairs of twins with a false link, where it is known who is a twin.
    var twins: Double?
    var cost: LinkingCost
    /// What attacks read at the same settings; `nil` where nothing was attacked.
    var attack: EncodingAttack?

    func write(to file: String) throws {
        var values: [String: Any] = [
            "set": set, "system": "Stile", "variant": variant, "dial": dial,
            "compared_true_share": compared, "compared_pairs": comparedPairs,
            "seconds": cost.seconds, "processor_seconds": cost.processorSeconds,
            "peak_rss_mb": cost.peakMegabytes,
        ]
        func add(_ prefix: String, _ quality: Quality) {
            values["\(prefix)_f1"] = quality.f1
            values["\(prefix)_precision"] = quality.precision
            values["\(prefix)_recall"] = quality.recall
            // No JSON holds the infinity of a best threshold that links nothing.
            if quality.threshold.isFinite { values["\(prefix)_threshold"] = quality.threshold }
        }
        add("pair", pairs)
        add(isOneToOne ? "one_to_one" : "cluster", groups)
        if isOneToOne { add("cluster", groups) }
        if let twins {
            values[isOneToOne ? "one_to_one_twins_linked" : "cluster_twins_linked"] = twins
        }
        add("p95", sure)
        add("p50", likely)
        add("chosen", chosen)
        for (name, range) in [
            ("precision", expected.precision), ("recall", expected.recall),
        ] {
            values["chosen_expected_\(name)"] = range.value
            values["chosen_expected_\(name)_low"] = range.low
            values["chosen_expected_\(name)_high"] = range.high
        }
        values["chosen_by_group"] = grouped.map { row -> [String: Any] in
            [
                "attribute": row.attribute, "value": row.value, "records": row.records,
                "precision": row.precision, "recall": row.recall,
            ]
        }
        values.merge(attack?.values ?? [:]) { first, _ in first }
        try Self.write(values, to: file)
    }

    /// Writes a JSON object, its keys in order.
    static func write(_ values: [String: Any], to file: String) throws {
        let data = try JSONSerialization.data(
            withJSONObject: values, options: [.sortedKeys, .prettyPrinted])
        try data.write(to: URL(fileURLWithPath: file))
    }
}
