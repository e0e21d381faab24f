import Crypto
public import PipelineModel

/// The hash tree of RFC 6962, section 2.1, over the hashes of its leaves.
///
/// A leaf hashes as SHA-256(0x00 ‖ leaf), a node as SHA-256(0x01 ‖ left ‖ right).
public struct MerkleTree: Sendable, Equatable {
    public private(set) var leaves: [ContentDigest] = []

    public init() {}

    public init(leaves: [ContentDigest]) { self.leaves = leaves }

    /// Adds the hash of a leaf's bytes.
    public mutating func append(_ leaf: [UInt8]) { leaves.append(Self.hash(leaf: leaf)) }

    /// The root over all leaves.
    public var root: ContentDigest { Self.root(leaves[...]) }

    /// The root over the first `size` leaves.
    ///
    /// - Precondition: `size <= leaves.count`.
    public func root(size: Int) -> ContentDigest { Self.root(leaves[0..<size]) }

    /// The hash of a leaf's bytes.
    public static func hash(leaf: [UInt8]) -> ContentDigest { hash(0x00, leaf, []) }

    static func hash(_ left: ContentDigest, _ right: ContentDigest) -> ContentDigest {
        hash(0x01, left.bytes, right.bytes)
    }

    private static func hash(_ prefix: UInt8, _ first: [UInt8], _ second: [UInt8]) -> ContentDigest
    {
        var hasher = SHA256()
        hasher.update(data: [prefix])
        hasher.update(data: first)
        hasher.update(data: second)
        return digest(Array(hasher.finalize()))
    }

    private static func digest(_ bytes: [UInt8]) -> ContentDigest {
        guard let digest = ContentDigest(bytes: bytes) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return digest
    }

    private static func root(_ part: ArraySlice<ContentDigest>) -> ContentDigest {
        guard let first = part.first else { return digest(Array(SHA256.hash(data: [UInt8]()))) }
        guard part.count > 1 else { return first }
        let middle = part.startIndex + split(part.count)
        return hash(root(part[..<middle]), root(part[middle...]))
    }

    /// The largest power of two below `count`.
    private static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    // MARK: Inclusion

    /// The audit path of leaf `index` in the tree of the first `size` leaves.
    ///
    /// - Precondition: `index < size <= leaves.count`.
    public func inclusionProof(index: Int, size: Int) -> [ContentDigest] {
        Self.path(index, leaves[0..<size])
    }

    private static func path(_ index: Int, _ part: ArraySlice<ContentDigest>) -> [ContentDigest] {
        guard part.count > 1 else { return [] }
        let half = split(part.count)
        let middle = part.startIndex + half
        return index < half
            ? path(index, part[..<middle]) + [root(part[middle...])]
            : path(index - half, part[middle...]) + [root(part[..<middle])]
    }

    /// Whether `proof` shows that the leaf with hash `leaf` stands at `index` in
    /// the tree of `size` leaves with that root (RFC 9162, section 2.1.3.2).
    public static func verifiesInclusion(
        of leaf: ContentDigest, index: Int, size: Int, proof: [ContentDigest], root: ContentDigest
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var node = index
        var last = size - 1
        var computed = leaf
        for sibling in proof {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                computed = hash(sibling, computed)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                computed = hash(computed, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && computed == root
    }

    // MARK: Consistency

    /// The proof that the tree of the first `size` leaves is a prefix of this one.
    ///
    /// - Precondition: `0 < size <= leaves.count`.
    public func consistencyProof(from size: Int) -> [ContentDigest] {
        Self.subproof(size, leaves[...], whole: true)
    }

    private static func subproof(
        _ size: Int, _ part: ArraySlice<ContentDigest>, whole: Bool
    ) -> [ContentDigest] {
        if size == part.count { return whole ? [] : [root(part)] }
        let half = split(part.count)
        let middle = part.startIndex + half
        return size <= half
            ? subproof(size, part[..<middle], whole: whole) + [root(part[middle...])]
            : subproof(size - half, part[middle...], whole: false) + [root(part[..<middle])]
    }

    /// Whether `proof` shows that the tree of `size` leaves with root `root` begins
    /// with the tree of `oldSize` leaves with root `oldRoot` (RFC 9162, section 2.1.4.2).
    public static func verifiesConsistency(
        oldSize: Int, oldRoot: ContentDigest, size: Int, root: ContentDigest,
        proof: [ContentDigest]
    ) -> Bool {
        guard oldSize > 0, oldSize <= size else { return false }
        if oldSize == size { return proof.isEmpty && oldRoot == root }
        var path = proof[...]
        if oldSize & (oldSize - 1) == 0 { path = ([oldRoot] + proof)[...] }
        guard let first = path.popFirst() else { return false }
        var node = oldSize - 1
        var last = size - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var old = first
        var new = first
        for sibling in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                old = hash(sibling, old)
                new = hash(sibling, new)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = hash(new, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == root
    }
}
