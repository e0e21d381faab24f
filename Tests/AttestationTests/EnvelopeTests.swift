import Attestation
import Crypto
import Foundation
import Hashing
import PipelineModel
import TestSupport
import Testing

@Suite struct EnvelopeTests {
    let key: SigningKey
    let statement = Statement(
        subjects: [.init("list.json", .sha256("list"))], predicateType: "urn:stile:test:v1",
        predicate: .object(["decision": .string("approve")]))

    init() throws { key = try #require(SigningKey(seed: Array(0..<32))) }

    // The test vector of DSSE's protocol.md: PAE of "hello world".
    @Test func preAuthenticationIsThatOfThePublishedVector() {
        let encoded = Envelope.preAuthentication(
            type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
        #expect(
            String(decoding: encoded, as: UTF8.self)
                == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    }

    // RFC 8032, section 7.1, test 1.
    @Test func signsAsRFC8032() throws {
        let seed = try #require(
            Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try #require(SigningKey(seed: seed))
        #expect(
            key.verifying.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        let signature = try #require(
            Hex.decode(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ))
        #expect(key.verifying.verifies(signature, over: []))
        #expect(key.verifying.verifies(try key.signature(over: []), over: []))
        // S + L, the other representative of S, is refused.
        var large = signature
        let order = try #require(
            Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var carry = 0
        for index in 0..<32 {
            let sum = Int(large[32 + index]) + Int(order[index]) + carry
            large[32 + index] = UInt8(sum & 255)
            carry = sum >> 8
        }
        #expect(!key.verifying.verifies(large, over: []))
    }

    @Test func roundTripsAndVerifies() throws {
        let envelope = try Envelope.sign(statement.bytes, with: key)
        let read = try Envelope.read(envelope.bytes, file: "e")
        #expect(read == envelope)
        #expect(try read.statement(verifiedWith: key.verifying, file: "e") == statement)
    }

    @Test func refusesAnotherKeyAnotherPayloadAndRawSignatures() throws {
        let other = try #require(SigningKey(seed: Array(1...32)))
        let envelope = try Envelope.sign(statement.bytes, with: key)
        #expect(throws: StileError.self) {
            try envelope.statement(verifiedWith: other.verifying, file: "e")
        }
        let text = String(decoding: envelope.bytes, as: UTF8.self)
        let raw = CanonicalBase64.encode(try key.signature(over: statement.bytes))
        let swapped = text.replacingOccurrences(
            of: CanonicalBase64.encode(envelope.signature), with: raw)
        let read = try Envelope.read(Array(swapped.utf8), file: "e")
        #expect(throws: StileError.self) {
            try read.statement(verifiedWith: key.verifying, file: "e")
        }
    }

    @Test(arguments: [
        ("vnd.in-toto+json", "json", "not an in-toto statement"),
        ("\"signatures\":[", "\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"},", "exactly one"),
        ("\"payload\":\"", "\"payload\":\"\\n", "base64"),
        ("{\"payload\"", "{ \"payload\"", "one form"),
        ("{\"payload\"", "{\"extra\":1,\"payload\"", "unknown key"),
    ])
    func refusesChangedEnvelopes(find: String, replace: String, problem: String) throws {
        let envelope = try Envelope.sign(statement.bytes, with: key)
        let text = String(decoding: envelope.bytes, as: UTF8.self)
        let changed = text.replacingOccurrences(of: find, with: replace)
        #expect(changed != text)
        let error = #expect(throws: StileError.self) {
            try Envelope.read(Array(changed.utf8), file: "e")
        }
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func refusesNoSignature() {
        let text = """
            {"payload":"","payloadType":"application/vnd.in-toto+json","signatures":[]}
            """
        #expect(throws: StileError.self) { try Envelope.read(Array(text.utf8), file: "e") }
    }

    @Test(arguments: ["ABCD", "sha1", String(repeating: "A", count: 64)])
    func refusesDigests(text: String) {
        let bytes = CanonicalJSON.bytes(
            .object([
                "_type": .string(Statement.type), "predicateType": .string("x"),
                "predicate": .null,
                "subject": .array([
                    .object(["name": .string("a"), "digest": .object(["sha256": .string(text)])])
                ]),
            ]))
        #expect(throws: StileError.self) { try Statement.read(bytes, file: "s") }
    }

    @Test func refusesTwoSubjectsOfOneName() {
        var two = statement
        two.subjects.append(.init("list.json", .sha256("other")))
        #expect(throws: StileError.self) { try Statement.read(two.bytes, file: "s") }
    }

    @Test(arguments: [
        String(repeating: "00", count: 32), "01" + String(repeating: "00", count: 31),
        "00" + String(repeating: "00", count: 30) + "80",
        "ec" + String(repeating: "ff", count: 31),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ])
    func refusesKeysOfSmallOrder(hex: String) { #expect(VerifyingKey(hex: hex) == nil) }

    // openssl pkeyutl -verify -pubin -inkey k.der -keyform DER -rawin -in pae.bin -sigfile s.bin
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func opensslVerifies() throws {
        let folder = TemporaryFolder("dsse")
        let envelope = try Envelope.sign(statement.bytes, with: key)
        // SubjectPublicKeyInfo of RFC 8410: a fixed head, then the raw key.
        let head = try #require(Hex.decode("302a300506032b6570032100"))
        let keyFile = try folder.write(head + key.verifying.bytes, to: "k.der")
        let message = try folder.write(
            Envelope.preAuthentication(type: envelope.payloadType, payload: envelope.payload),
            to: "pae.bin")
        func verify(_ signature: [UInt8]) throws -> Int32 {
            let file = try folder.write(signature, to: "s.bin")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = [
                "pkeyutl", "-verify", "-pubin", "-inkey", keyFile, "-keyform", "DER", "-rawin",
                "-in", message, "-sigfile", file,
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        #expect(try verify(envelope.signature) == 0)
        #expect(try verify(envelope.signature.reversed()) != 0)
    }
}
