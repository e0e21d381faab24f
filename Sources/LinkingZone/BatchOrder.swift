import EncodedExtract

/// Where a batch stands among all: by key epoch, a change of keys before what was encoded with
/// the new ones, then by day of delivery and by name.
///
/// A batch that only changes keys carries the day of its extract's newest file, so that day alone
/// would put one extract's new keys before another's old ones.
struct BatchOrder: Comparable {
    var epoch: Int
    var isRekey: Bool
    var delivered: Int32
    var batch: String

    init(_ manifest: BatchManifest) {
        self.init(
            keys: Self.keys(manifest), delivered: manifest.delivered, batch: manifest.batch)
    }

    /// - Parameter keys: What ``keys(_:)`` gave when the batch was received.
    init(keys: String, delivered: Int32, batch: String) {
        let words = keys.split(separator: " ")
        epoch = words.first.flatMap { Int($0) } ?? 1
        isRekey = words.count > 1
        self.delivered = delivered
        self.batch = batch
    }

    /// What the database keeps of a batch's keys: `2`, or `2 anew` where it only changes them.
    static func keys(_ manifest: BatchManifest) -> String {
        String(manifest.keyEpoch) + (manifest.rekey ? " anew" : "")
    }

    /// Whether the two are linked in one step: one day's deliveries, or one change of keys.
    func isLinked(with other: BatchOrder) -> Bool {
        (epoch, isRekey) == (other.epoch, other.isRekey)
            && (isRekey || delivered == other.delivered)
    }

    static func < (left: BatchOrder, right: BatchOrder) -> Bool {
        (left.epoch, left.isRekey ? 0 : 1, left.isRekey ? 0 : left.delivered, left.batch)
            < (right.epoch, right.isRekey ? 0 : 1, right.isRekey ? 0 : right.delivered, right.batch)
    }
}
