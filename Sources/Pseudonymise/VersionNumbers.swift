import PipelineModel

/// Numbers versions of identities from 0, in the order in which they first come.
///
/// Their pseudonyms are keyed digests, as good as drawn by chance: some of their bits are a hash
/// already, whoever chose the values behind them.
struct VersionNumbers {
    typealias Version = IdentityVersionsHeld.Version

    private var versions: [Version] = []
    /// Open addressing: one more than the number of the version in a slot; 0 is free.
    private var slots: [Int32]

    /// - Parameter capacity: More versions than this are never numbered.
    init(capacity: Int) {
        var size = 64
        while size < 2 * capacity { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        versions.reserveCapacity(capacity)
    }

    /// The number of a version, a new one where it has none.
    mutating func number(_ version: Version) -> Int {
        let slot = slot(version)
        if slots[slot] == 0 {
            versions.append(version)
            precondition(2 * versions.count <= slots.count)
            slots[slot] = Int32(versions.count)
        }
        return Int(slots[slot]) - 1
    }

    /// The number of a version; `nil` where it has none.
    func find(_ version: Version) -> Int? {
        let slot = slot(version)
        return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
    }

    /// Where a version is, or where it would go.
    private func slot(_ version: Version) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: version.content.low ^ version.subject.low) & mask
        while slots[slot] != 0, versions[Int(slots[slot]) - 1] != version {
            slot = (slot + 1) & mask
        }
        return slot
    }
}
