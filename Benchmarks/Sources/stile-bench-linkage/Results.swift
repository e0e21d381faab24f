import Foundation
import Linkage

/// One run as JSON, with the keys that `Benchmarks/peers/README.md` lists.
struct Results {
    var set: String
    /// What was changed in the set's encoding; empty for none.
    var variant: String
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
    /// The share of pairs of twins with a false link, where it is known who is a twin.
    var twins: Double?
    var seconds: Double

    func write(to file: String) throws {
        var values: [String: Any] = [
            "set": set, "system": "Stile", "variant": variant, "compared_true_share": compared,
            "seconds": seconds,
            "processor_seconds": Self.processorSeconds, "peak_rss_mb": Self.peakMegabytes,
        ]
        func add(_ prefix: String, _ quality: Quality) {
            values["\(prefix)_f1"] = quality.f1
            values["\(prefix)_precision"] = quality.precision
            values["\(prefix)_recall"] = quality.recall
            values["\(prefix)_threshold"] = quality.threshold
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
        values["chosen_expected_precision"] = expected.precision.value
        values["chosen_expected_recall"] = expected.recall.value
        values["chosen_by_group"] = grouped.map { row -> [String: Any] in
            [
                "attribute": row.attribute, "value": row.value, "records": row.records,
                "precision": row.precision, "recall": row.recall,
            ]
        }
        let data = try JSONSerialization.data(
            withJSONObject: values, options: [.sortedKeys, .prettyPrinted])
        try data.write(to: URL(fileURLWithPath: file))
    }

    /// Of the whole process, reading and encoding included.
    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static var processorSeconds: Double {
        let used = usage
        return Double(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
            + Double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6
    }

    private static var peakMegabytes: Double { Double(usage.ru_maxrss) / 1024 }
}
