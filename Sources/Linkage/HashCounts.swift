/// How often each of some hashes comes; 0 stands for none.
struct HashCounts {
    /// Open addressing, at most half full: hashes, and how often each came.
    private var hashes: [UInt64]
    private var counts: [Int32]
    private let mask: UInt64
    /// How many hashes there were, and how many different ones.
    private(set) var total = 0
    private(set) var distinct = 0

    init(_ all: [UInt64]) {
        var size = 64
        while size < 2 * all.count { size *= 2 }
        mask = UInt64(size - 1)
        hashes = [UInt64](repeating: 0, count: size)
        counts = [Int32](repeating: 0, count: size)
        for hash in all where hash != 0 {
            let place = place(of: hash)
            if counts[place] == 0 {
                hashes[place] = hash
                distinct += 1
            }
            counts[place] += 1
            total += 1
        }
    }

    /// How often a hash came.
    subscript(hash: UInt64) -> Int { hash == 0 ? 0 : Int(counts[place(of: hash)]) }

    /// Whether hardly any came twice: of the filters of names and places that is the work of noise.
    var hardlyRepeat: Bool { total > 100 && Double(distinct) > 0.95 * Double(total) }

    /// Where the hash is, or would be.
    private func place(of hash: UInt64) -> Int {
        var place = hash & mask
        while counts[Int(place)] != 0, hashes[Int(place)] != hash { place = (place + 1) & mask }
        return Int(place)
    }
}
