import Foundation
import PipelineModel
import TestSupport
import Testing

@testable import Pseudonymise

@Suite("Keyring")
struct KeyringTests {
    private func write(_ keyring: Keyring, mode: Int, in folder: TemporaryFolder) throws -> String {
        let path = try folder.write(keyring.fileBytes(), to: "project.keyring")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func secrets(_ keyring: Keyring) -> [String] {
        (keyring.epochs + keyring.pseudonyms).map(\.secret.hex)
    }

    @Test("What is written is what is read")
    func roundTrip() throws {
        let folder = TemporaryFolder()
        var generator = SeededGenerator(seed: 2, label: "rotation")
        let keyring = Fixtures.keyring().rotated(created: Day(20_100), using: &generator)
        let read = try Keyring.load(fileAt: try write(keyring, mode: 0o600, in: folder))
        #expect(read == keyring)
        #expect(try read.fileBytes() == keyring.fileBytes())
        #expect(read.current == 2 && read.epochs.map(\.epoch) == [1, 2])
    }

    @Test(
        "A keyring that others can read or write is refused",
        arguments: [0o640, 0o604, 0o620, 0o602, 0o601])
    func permissions(mode: Int) throws {
        let folder = TemporaryFolder()
        let path = try write(Fixtures.keyring(), mode: mode, in: folder)
        let error = #expect(throws: StileError.self) { try Keyring.load(fileAt: path) }
        #expect(error?.code == .configuration)
        #expect(error?.message == "The keyring can be read or written by others than its owner.")
        #expect(error?.remedy.contains("chmod 600") == true)
    }

    @Test("A missing keyring, and a folder in its place")
    func missing() throws {
        let folder = TemporaryFolder()
        let error = #expect(throws: StileError.self) {
            try Keyring.load(fileAt: folder.path + "/none")
        }
        #expect(error?.message == "The keyring cannot be opened.")
        #expect(throws: StileError.self) { try Keyring.load(fileAt: folder.path) }
    }

    /// The file of a keyring with one thing changed, and what is said of it.
    @Test("Damaged keyrings are refused, without a digit of a secret in the message")
    func damaged() throws {
        let keyring = Fixtures.keyring()
        let text = String(decoding: try keyring.fileBytes(), as: UTF8.self)
        let secret = keyring.epochs[0].secret.hex
        let id = keyring.epochs[0].id
        let cases: [(String, String)] = [
            (text.replacing(secret, with: String(secret.prefix(30))), "less than 128 bits"),
            (text.replacing(secret, with: secret.uppercased()), "not hexadecimal digits"),
            (
                text.replacing(secret, with: String(repeating: "00", count: 32)),
                "without randomness"
            ),
            (text.replacing(id, with: keyring.pseudonyms[0].id), "does not fit its id"),
            (text.replacing("\"current\" : 1", with: "\"current\" : 7"), "has no token key 7"),
            (text.replacing("\"version\" : 1", with: "\"version\" : 2"), "version 2"),
            (text.replacing("\"epoch\" : 1", with: "\"epoch\" : 0"), "below 1"),
            (text.replacing("meadowshire", with: ""), "names no project"),
            (String(text.prefix(100)), "cannot be read"),
        ]
        for (file, message) in cases {
            let error = #expect(throws: StileError.self) {
                try Keyring(fileBytes: Array(file.utf8), file: "project.keyring")
            }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains(message) == true, "\(message)")
            #expect(error.map { !"\($0)".contains(secret.prefix(12)) } == true)
        }
    }

    @Test("An epoch that stands twice is refused")
    func duplicateEpoch() throws {
        let one = Fixtures.keyring().epochs[0]
        let other = Fixtures.keyring(seed: 9).epochs[0]
        let keyring = Keyring(
            project: "p", epochs: [one, other], pseudonyms: [one], current: 1)
        let error = #expect(throws: StileError.self) {
            try Keyring(fileBytes: keyring.fileBytes(), file: "f")
        }
        #expect(error?.message == "The keyring has the token key 1 twice.")
    }

    @Test("No printed form of anything with keys holds a secret")
    func redacted() throws {
        let keyring = Fixtures.keyring()
        let pseudonymiser = try Fixtures.pseudonymiser(keyring)
        var printed = "\(keyring) \(keyring.epochs[0]) \(pseudonymiser)"
        printed += String(reflecting: keyring) + String(reflecting: pseudonymiser.pseudonyms)
        dump(keyring, to: &printed)
        dump(keyring.epochs, to: &printed)
        dump(pseudonymiser, to: &printed)
        for secret in secrets(keyring) {
            #expect(!printed.contains(secret.prefix(8)))
            let decimal = Hex.decode(secret)?.prefix(4).map(String.init).joined(separator: ", ")
            #expect(try !printed.contains(#require(decimal)))
        }
        #expect(printed.contains(keyring.epochs[0].id))
    }

    @Test("A rotation of token keys keeps every pseudonym; one of the pseudonym key changes them")
    func rotation() throws {
        var generator = SeededGenerator(seed: 3, label: "rotation")
        let keyring = Fixtures.keyring()
        let rotated = keyring.rotated(created: Day(1), using: &generator)
        let renewed = rotated.rotatedPseudonyms(created: Day(2), using: &generator)
        let before = try keyring.pseudonymHasher()(domain: "subject:gp", bytes: [1, 2])
        let after = try rotated.pseudonymHasher()(domain: "subject:gp", bytes: [1, 2])
        let new = try renewed.pseudonymHasher()(domain: "subject:gp", bytes: [1, 2])
        let mapped = try renewed.pseudonymHasher(generation: 1)(
            domain: "subject:gp", bytes: [1, 2])
        #expect(before == after)
        #expect(new != before)
        #expect(mapped == before)
        #expect(throws: StileError.self) { try keyring.pseudonymHasher(generation: 2) }
        #expect(throws: StileError.self) { try Fixtures.pseudonymiser(keyring, epoch: 2) }
    }

    @Test("Domain and bytes never run together")
    func domains() throws {
        let hasher = try Fixtures.keyring().pseudonymHasher()
        #expect(
            hasher(domain: "ab", bytes: Array("c".utf8))
                != hasher(domain: "a", bytes: Array("bc".utf8)))
        #expect(hasher.closure("x", [7]) == hasher(domain: "x", bytes: [7]))
    }
}
