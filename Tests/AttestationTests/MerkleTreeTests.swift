import Attestation
import PipelineModel
import Testing

@Suite struct MerkleTreeTests {
    static func tree(_ count: Int) -> MerkleTree {
        var tree = MerkleTree()
        for index in 0..<count { tree.append([UInt8(index)]) }
        return tree
    }

    // The leaves and roots of certificate-transparency's merkle_tree_test.cc (RFC 6962).
    @Test func rootsAreThoseOfCertificateTransparency() throws {
        let leaves = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var tree = MerkleTree()
        #expect(
            tree.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (leaf, root) in zip(leaves, roots) {
            tree.append(try #require(Hex.decode(leaf)))
            #expect(tree.root.hex == root)
        }
    }

    @Test func everyLeafIsIncludedAndNoOtherIs() {
        for size in 1...20 {
            let tree = Self.tree(size)
            for index in 0..<size {
                let proof = tree.inclusionProof(index: index, size: size)
                func verifies(_ leaf: Int, _ place: Int, _ proof: [ContentDigest]) -> Bool {
                    MerkleTree.verifiesInclusion(
                        of: tree.leaves[leaf], index: place, size: size, proof: proof,
                        root: tree.root)
                }
                #expect(verifies(index, index, proof))
                #expect(!verifies(index, index, proof + [tree.root]))
                #expect(proof.isEmpty || !verifies(index, index, Array(proof.dropLast())))
                if size > 1 { #expect(!verifies((index + 1) % size, index, proof)) }
            }
        }
    }

    @Test func everyPrefixIsConsistentAndNoOtherIs() {
        for size in 1...20 {
            let tree = Self.tree(size)
            for old in 1...size {
                let proof = tree.consistencyProof(from: old)
                func verifies(_ oldRoot: ContentDigest, _ root: ContentDigest) -> Bool {
                    MerkleTree.verifiesConsistency(
                        oldSize: old, oldRoot: oldRoot, size: size, root: root, proof: proof)
                }
                #expect(verifies(tree.root(size: old), tree.root))
                #expect(!verifies(MerkleTree.hash(leaf: [99]), tree.root))
                #expect(!verifies(tree.root(size: old), MerkleTree.hash(leaf: [98])))
            }
        }
    }
}
