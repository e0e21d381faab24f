import Attestation
import Hashing
import PipelineModel
import Testing

@testable import ClericalReview
@testable import Sealing

/// The two files that cross between the zones: whole, sealed and signed, or refused.
@Suite struct ReviewFileTests {
    private static let made = Timestamp(seconds: 1_800_000_000)

    private static func subject(_ number: UInt64) -> SubjectPseudonym {
        SubjectPseudonym(high: 0xabcd_ef01_2345_6789, low: number)
    }

    private static func request(_ pairs: Int = 3) -> ReviewRequest {
        ReviewRequest(
            id: "review-1", project: "county", made: made,
            pairs: (0..<UInt64(pairs)).map {
                .init(
                    id: "00000000000000a\($0)", left: .init(source: "gp", subject: subject($0)),
                    right: .init(source: "hospital", subject: subject($0 + 100)))
            })
    }

    private static func signer(_ byte: UInt8 = 7) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: byte, count: 32)))
    }

    private static func open(
        _ bytes: [UInt8], _ key: ZoneKey, _ signer: VerifyingKey
    ) throws -> ReviewRequest {
        try ReviewRequest.open(bytes, file: "request.json", key: key, signer: signer)
    }

    private static func code(_ body: () throws -> Void) -> StileError.Code? {
        do { try body() } catch { return (error as? StileError)?.code }
        return nil
    }

    @Test func aRequestIsOpenedByTheKeyThatItIsSealedTo() throws {
        let (key, signer) = (try ZoneKey.generate(.review), try Self.signer())
        let bytes = try Self.request().sealed(to: key.publicReviewKey, signedBy: signer)
        #expect(try Self.open(bytes, key, signer.verifying) == Self.request())
    }

    @Test func nothingOfAPairCanBeReadFromTheFile() throws {
        let bytes = try Self.request().sealed(
            to: ZoneKey.generate(.review).publicReviewKey, signedBy: Self.signer())
        let text = String(decoding: bytes, as: UTF8.self)
        for pair in Self.request().pairs {
            for word in [pair.id, pair.left.subject.hex, pair.right.subject.hex, "hospital"] {
                #expect(!text.contains(word))
            }
        }
    }

    @Test func anotherKeyOrSignerIsRefused() throws {
        let (key, signer) = (try ZoneKey.generate(.review), try Self.signer())
        let bytes = try Self.request().sealed(to: key.publicReviewKey, signedBy: signer)
        let other = try ZoneKey.generate(.review)
        #expect(Self.code { _ = try Self.open(bytes, other, signer.verifying) } == .configuration)
        let stranger = try Self.signer(8).verifying
        #expect(Self.code { _ = try Self.open(bytes, key, stranger) } == .integrity)
    }

    /// Any byte of the file that is changed is seen, also in what is not sealed.
    @Test func aChangedRequestIsRefused() throws {
        let (key, signer) = (try ZoneKey.generate(.review), try Self.signer())
        let bytes = try Self.request(1).sealed(to: key.publicReviewKey, signedBy: signer)
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1
            #expect(
                Self.code { _ = try Self.open(changed, key, signer.verifying) } == .integrity,
                "byte \(position)")
        }
        for count in [0, 1, bytes.count / 2, bytes.count - 1] {
            let cut = Array(bytes.prefix(count))
            #expect(Self.code { _ = try Self.open(cut, key, signer.verifying) } == .integrity)
        }
    }

    /// The sealed part of one request in the clothes of another does not open, though signed.
    @Test func theSealedPartBelongsToOneRequest() throws {
        let (key, signer) = (try ZoneKey.generate(.review), try Self.signer())
        var other = Self.request()
        other.made = Timestamp(seconds: Self.made.seconds + 1)
        let one = try StrictJSON.read(
            Self.request().sealed(to: key.publicReviewKey, signedBy: signer).dropLast(), file: "1")
        let two = try StrictJSON.read(
            other.sealed(to: key.publicReviewKey, signedBy: signer).dropLast(), file: "2")
        guard case .object(let head) = one, case .object(let body) = two else {
            Issue.record("no objects")
            return
        }
        let sealed = Set(["encapsulated", "ciphertext"])
        let members =
            head.filter { !sealed.contains($0.key) && $0.key != "signature" }
            + body.filter { sealed.contains($0.key) }
        let mixed = try SignedFile(
            kind: "stile review request",
            members: members.filter { !["kind", "version"].contains($0.key) }
        ).bytes(signedBy: signer)
        #expect(Self.code { _ = try Self.open(mixed, key, signer.verifying) } == .integrity)
    }

    @Test func theKeyFileHidesItsSecretsAndComesBack() throws {
        let key = try ZoneKey.generate(.review)
        #expect(
            try PublicReviewKey.read(key.publicReviewKey.bytes, file: "k") == key.publicReviewKey)
        var text = ""
        dump(key, to: &text)
        #expect(!text.contains(Hex.encode(key.sealingSecret)) && !"\(key)".contains("secret"))
        #expect(!text.contains(Hex.encode(key.signing.seed)))
    }

    // MARK: Answers

    private static func clerk(
        _ id: String, _ judgements: [Judgement], pairs: [String]? = nil
    ) -> ReviewAnswers.Clerk {
        let ids = pairs ?? request(judgements.count).pairs.map(\.id)
        return .init(
            id: id, finished: made,
            answers: Dictionary(
                uniqueKeysWithValues: zip(ids, judgements).map {
                    (
                        $0,
                        .init(
                            judgement: $1, reason: ReviewReason.reasons(for: $1)[0], at: made)
                    )
                }))
    }

    private static func answers(
        _ clerks: [ReviewAnswers.Clerk], _ third: ReviewAnswers.Clerk? = nil
    ) -> ReviewAnswers {
        ReviewAnswers(
            request: "review-1", requestDigest: .sha256("request"), clerks: clerks,
            adjudicator: third)
    }

    @Test func answersComeBackAsTheyWereGiven() throws {
        let signer = try Self.signer()
        let two = [
            Self.clerk("c-1", [.link, .not, .cannotSay]), Self.clerk("c-2", [.link, .link, .not]),
        ]
        let differ = ReviewAnswers.disagreements(two[0].answers, two[1].answers)
        #expect(differ.count == 2)
        for answers in [
            Self.answers(two), Self.answers(two, Self.clerk("c-3", [.not, .link], pairs: differ)),
        ] {
            let bytes = try answers.bytes(signedBy: signer)
            #expect(
                try ReviewAnswers.read(bytes, file: "a", signer: signer.verifying) == answers)
        }
    }

    @Test func answersThatAreNotWholeAreRefused() throws {
        let signer = try Self.signer()
        let first = Self.clerk("c-1", [.link, .not, .not])
        let second = Self.clerk("c-2", [.link, .not, .link])
        let differ = ReviewAnswers.disagreements(first.answers, second.answers)
        let bad: [ReviewAnswers] = [
            Self.answers([first]), Self.answers([first, Self.clerk("c-1", [.link, .not, .link])]),
            Self.answers([first, Self.clerk("c-2", [.link, .not])]),
            Self.answers([first, second], Self.clerk("c-2", [.not], pairs: differ)),
            Self.answers([first, second], Self.clerk("c-3", [.not, .not, .not])),
        ]
        for answers in bad {
            let bytes = try answers.bytes(signedBy: signer)
            #expect(
                Self.code {
                    _ = try ReviewAnswers.read(bytes, file: "a", signer: signer.verifying)
                } == .integrity)
        }
        var bytes = try Self.answers([first, second]).bytes(signedBy: signer)
        let stranger = try Self.signer(9).verifying
        #expect(
            Self.code { _ = try ReviewAnswers.read(bytes, file: "a", signer: stranger) }
                == .integrity)
        for position in bytes.indices {
            bytes[position] ^= 1
            #expect(
                Self.code {
                    _ = try ReviewAnswers.read(bytes, file: "a", signer: signer.verifying)
                } == .integrity)
            bytes[position] ^= 1
        }
    }

    @Test func everyReasonHasOneJudgementAndEveryJudgementSomeReasons() {
        for judgement in Judgement.allCases {
            #expect(ReviewReason.reasons(for: judgement).count > 1)
        }
        #expect(
            Judgement.allCases.flatMap(ReviewReason.reasons).count == ReviewReason.allCases.count)
    }
}
