import EncodedExtract
import PipelineModel
import StrictYAML
import Testing

@testable import Linkage

@Suite("What linkage refuses, and what it bears")
struct BadInputTests {
    private func encode(_ source: String, _ people: Int, epoch: Int = 1, specification: UInt8 = 1)
        -> Encodings
    {
        SyntheticEncodings.encode(
            source, SyntheticEncodings.county(people).first, epoch: epoch,
            specification: specification)
    }

    private func refusal(_ delta: [Encodings], _ specification: LinkageSpecification = .init())
        -> StileError?
    {
        do {
            _ = try LinkerTests.link(LinkState(), delta, specification)
            return nil
        } catch { return error as? StileError }
    }

    @Test("Key epochs and encoding specifications never mix")
    func mixed() throws {
        let epochs = try #require(refusal([encode("a", 5), encode("b", 5, epoch: 2)]))
        #expect(epochs.code == .integrity)
        #expect(epochs.message.contains("“b” is encoded with keys of epoch 2"))
        let ways = try #require(refusal([encode("a", 5), encode("b", 5, specification: 2)]))
        #expect(ways.code == .integrity)
        #expect(ways.message.contains("“b” is encoded by another specification"))
        let state = try LinkerTests.link(LinkState(), [encode("a", 5)]).state
        #expect {
            try LinkerTests.link(state, [encode("a", 5, epoch: 2)])
        } throws: { ($0 as? StileError)?.code == .integrity }
    }

    @Test("A source that no blocking field can find is refused")
    func noBlocking() throws {
        var second = encode("b", 5)
        second.fields.removeAll {
            $0.name.hasPrefix("block.") || $0.name == "nhs_number" || $0.name == "trusted"
        }
        var first = encode("a", 5)
        first.fields.removeAll { $0.name == "trusted" }
        let error = try #require(refusal([first, second]))
        #expect(error.code == .configuration)
        #expect(
            error.message
                == "The source “b” has no blocking field, so none of its records could ever be linked."
        )
    }

    @Test("A filter of another length, or cut short, is refused")
    func filters() throws {
        func changed(_ source: String, _ values: (Int) -> Encodings.Values) -> Encodings {
            var encodings = encode(source, 5)
            for index in encodings.fields.indices where encodings.fields[index].name == "surname" {
                encodings.fields[index].values = values(encodings.count)
            }
            return encodings
        }
        let other = changed("b") {
            .filter(bits: 256, words: WordColumn([UInt64](repeating: 1, count: $0 * 4)))
        }
        let message =
            "The field “surname” of the source “b” is encoded in another way than in other sources."
        #expect(try #require(refusal([encode("a", 5), other])).message == message)
        // And as news of a source that is held.
        let state = try LinkerTests.link(LinkState(), [encode("a", 5), encode("b", 5)]).state
        #expect {
            try LinkerTests.link(state, [other])
        } throws: { ($0 as? StileError)?.message == message }
        let short = changed("a") {
            .filter(bits: 512, words: WordColumn([UInt64](repeating: 1, count: $0 * 8 - 8)))
        }
        #expect(
            try #require(refusal([short])).message
                == "The columns of the encodings of “a” differ in length.")
    }

    @Test("Columns of different lengths are refused")
    func ragged() throws {
        var first = encode("a", 5)
        first.known.removeLast()
        let error = try #require(refusal([first]))
        #expect(error.code == .integrity)
        #expect(error.message.contains("differ in length"))
    }

    @Test("All that the specification names and no source has is reported at once")
    func unknownFields() throws {
        var specification = LinkageSpecification()
        specification.comparisons = [.init("x", [.equal("nowhere")])]
        specification.blocking = ["block.none", "block.home"]
        let error = try #require(refusal([encode("a", 5)], specification))
        #expect(error.others.count == 1)
        #expect(error.description.contains("“nowhere”"))
        #expect(error.description.contains("“block.none”"))
    }

    @Test("One record ten thousand times is one version; so many subjects are a skipped block")
    func repeated() throws {
        let one = Identity(subject: 1, given: "ava", surname: "khan")
        let same = try LinkerTests.link(
            LinkState(), [SyntheticEncodings.encode("a", Array(repeating: one, count: 10_000))])
        #expect(same.report.people == 1)
        #expect(same.report.newVersions == 1)
        let many = (1...3_000).map { Identity(subject: UInt64($0), given: "ava", surname: "khan") }
        let (_, second) = SyntheticEncodings.county(50)
        let outcome = try LinkerTests.link(
            LinkState(),
            [SyntheticEncodings.encode("a", many), SyntheticEncodings.encode("b", second)])
        #expect(outcome.report.people >= 3_000)
        #expect(outcome.report.skippedBlocks.map(\.field).contains("block.home"))
        #expect(outcome.report.skippedBlocks.allSatisfy { $0.records >= 3_000 })
    }

    @Test("A field with no value at all is borne")
    func allMissing() throws {
        var (first, second) = SyntheticEncodings.county(100)
        for index in first.indices { first[index].number = "" }
        for index in second.indices { second[index].number = "" }
        let outcome = try LinkerTests.link(
            LinkState(),
            [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)])
        #expect(outcome.report.pairsLinked > 50)
        let weights = outcome.report.parameters?.comparisons.flatMap(\.weights) ?? []
        #expect(weights.allSatisfy { $0.isFinite })
        let empty = try LinkerTests.link(LinkState(), [SyntheticEncodings.encode("a", [])])
        #expect(empty.report.people == 0)
    }

    @Test("A seed of the wrong length is refused")
    func seed() {
        #expect {
            try Minter(seed: [1, 2, 3])
        } throws: { "\($0)".contains("does not have 32 bytes") }
    }

    @Test("Person pseudonyms are the HMAC of the serial")
    func minted() throws {
        // python3 -c 'import hmac;print(hmac.new(bytes(range(32)),b"person"+(5).to_bytes(8,"big"),"sha256").hexdigest()[:32])'
        let mint = try Minter(seed: Array(0..<32))
        #expect(mint.person(5).hex == "337c2d07b853182c88d43e84f3d54d96")
        #expect(mint.person(5).hex != mint.household(5).hex)
    }
}
