import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import NightRun
import PipelineModel
import Release
import Sealing

extension ReleaseZone {
    /// The public keys of a release zone that was just made: they go into the policy.
    public struct PublicKeys: Sendable {
        public var sealing: [UInt8]
        public var signing: String
    }

    /// Makes the keys of a release zone.
    public static func makeKeys(folder: String) throws -> PublicKeys {
        for name in ["", "/keys", "/state", "/released"] { try makeFolder(folder + name) }
        let key = try ZoneKey.generate(.release)
        guard let log = SigningKey(seed: Randomness.system.bytes(32)) else {
            throw StileError(
                .inputOutput, "This machine gave no random bytes.", remedy: "Try again.")
        }
        try PrivateFile.create(key.bytes, at: "\(folder)/keys/release.key")
        try PrivateFile.create(LogKey.bytes(log), at: "\(folder)/keys/log.key")
        return PublicKeys(sealing: key.sealingKey, signing: key.signing.verifying.hex)
    }

    /// Makes the folder of a release zone: folders, keys, and a `stile.yaml` to fill in.
    public static func initialise(folder: String, project: String) throws {
        let keys = try makeKeys(folder: folder)
        let text = """
            # The release zone: identities of released people only.
            # Its public keys, for Ethics/policy.yaml:
            #   sealing_key: "\(Hex.encode(keys.sealing))"
            #   signing_key: "\(keys.signing)"
            version: 1
            zone: release
            deployment: real
            project: \(project)
            exchange: ../exchange
            lists: ../linking/lists
            log: ../linking/state/log
            policy: ../Ethics/policy.yaml
            release_key: keys/release.key
            log_key: keys/log.key
            state: state
            released: released
            exclusions_maximum_age_days: 1

            """
        try DiskFileSystem().writeDurably(
            Array(text.utf8), to: "\(folder)/stile.yaml", permissions: 0o600)
    }

    /// Makes the key file of a person who signs, and gives the lines that the policy needs.
    public static func makeHolderKey(person: String, throwAway: Bool, path: String) throws -> String
    {
        let key = try HolderKey.generate(person: person, throwaway: throwAway)
        try PrivateFile.create(key.bytes, at: path)
        return """
              - person: \(key.person)
                roles: [ROLE]
                signing_key: "\(key.signing.verifying.hex)"
                sealing_key: "\(Hex.encode(key.sealingKey))"
                valid: {from: YYYY-MM-DD, until: YYYY-MM-DD}
                throwaway: \(throwAway)
            """
    }

    /// Writes the policy of a sample: a reviewer for each role, with throw-away keys beside it.
    public static func makeSamplePolicy(
        path: String, reviewers: String, roles: [String], purposes: [String], recipients: [String],
        maximumRows: Int, linkingLogKey: String, release: PublicKeys
    ) throws {
        let today = try Day(inLondon: Date())
        let validity = (today - 1)...(today + 365)
        var holders: [PolicyTerms.Holder] = []
        try makeFolder(reviewers)
        for (index, role) in roles.sorted().enumerated() {
            let key = try HolderKey.generate(person: "sample-\(index + 1)", throwaway: true)
            try PrivateFile.create(key.bytes, at: "\(reviewers)/\(role).key")
            holders.append(
                PolicyTerms.Holder(
                    person: key.person, roles: [role], signingKey: key.signing.verifying,
                    sealingKey: key.sealingKey, validity: validity, throwaway: true))
        }
        guard let logKey = VerifyingKey(hex: linkingLogKey),
            let signingKey = VerifyingKey(hex: release.signing)
        else {
            throw StileError(
                .configuration, "The keys of the sample cannot be used.", remedy: "Make it again.")
        }
        let terms = PolicyTerms(
            id: "sample-policy", epoch: 1, deployment: .sample, validity: validity,
            purposes: purposes, quorum: Dictionary(uniqueKeysWithValues: roles.map { ($0, 1) }),
            maximumRows: maximumRows, recipients: recipients, signOffHours: 72,
            logOrigin: "stile-sample/lists", logKey: logKey, releaseSealingKey: release.sealing,
            releaseSigningKey: signingKey, holders: holders)
        try DiskFileSystem().writeDurably(
            Array(PolicyText.text(terms).utf8), to: path, permissions: 0o644)
    }

    /// Whether the zone's keys and log are sound; changes nothing.
    public static func diagnose(configuration path: String) throws -> [String] {
        let configuration = try ReleaseConfiguration.read(fileAt: path)
        let policy = try policy(configuration)
        let key = try ZoneKey.read(fileAt: configuration.releaseKey, for: .release)
        guard policy.terms.releaseSealingKey == key.sealingKey else {
            throw StileError(
                .policy, "The release key is not the one that the policy names.",
                at: .init(file: configuration.releaseKey),
                remedy: "Use that key, or let the policy name this one.")
        }
        var findings = ["keys: the policy's"]
        if FileManager.default.fileExists(atPath: "\(configuration.state)/log/checkpoint") {
            let view = try log(configuration).view()
            findings.append("log: \(view.checkpoint.size) leaves")
        }
        return findings
    }
}
