public import PipelineModel

/// The log as its checkpoint vouches for it: every leaf read, the root recomputed.
public struct LogView: Sendable {
    public let checkpoint: Checkpoint
    public let leaves: [LogLeaf]
    public let tree: MerkleTree

    init(checkpoint: Checkpoint, leaves: [LogLeaf], tree: MerkleTree) {
        self.checkpoint = checkpoint
        self.leaves = leaves
        self.tree = tree
    }

    /// The leaves that concern one list, in order.
    public func leaves(ofList list: String) -> [LogLeaf] {
        leaves.filter { $0.entry.list.utf8.elementsEqual(list.utf8) }
    }

    /// Refuses a log that does not begin with what was known of it before, such
    /// as one that was set back to an older copy.
    ///
    /// - Throws: `StileError` with code `integrity`.
    public func check(continues earlier: Checkpoint) throws {
        guard earlier.origin.utf8.elementsEqual(checkpoint.origin.utf8),
            earlier.size <= checkpoint.size, tree.root(size: earlier.size) == earlier.root
        else {
            throw StileError(
                .integrity,
                "The log (\(checkpoint.size) leaves, root \(checkpoint.root.short)) does not continue the log known before (\(earlier.size) leaves, root \(earlier.root.short)).",
                remedy: "Restore the newer copy of the log; no list is released until it agrees.")
        }
    }

    /// The audit path of one leaf under the checkpoint's root.
    public func inclusionProof(of leaf: LogLeaf) -> [ContentDigest] {
        tree.inclusionProof(index: leaf.number, size: leaves.count)
    }
}
