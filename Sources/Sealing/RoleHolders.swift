import Attestation
import Crypto
import PipelineModel

/// Who holds which role, with the X25519 key to which a role's secret is wrapped.
public struct RoleHolders: Sendable, Equatable {
    /// A person in a role.
    public struct Holder: Sendable, Hashable {
        public var person: String
        /// The raw X25519 public key, 32 bytes.
        public var sealingKey: [UInt8]

        public init(person: String, sealingKey: [UInt8]) {
            self.person = person
            self.sealingKey = sealingKey
        }
    }

    /// One role and its holders in the order of their ids.
    public struct Role: Sendable, Equatable {
        public var name: String
        public var holders: [Holder]
    }

    /// The roles in the order of their names.
    public let roles: [Role]

    /// - Throws: `StileError` with code `policy` where there is no role, a role
    ///   has no holder, a person stands twice in a role or shares a key with another.
    public init(_ roles: [String: [Holder]]) throws {
        func refused(_ message: String) -> StileError {
            StileError(
                .policy, message, remedy: "Mend the policy, then run the source zone again.")
        }
        guard !roles.isEmpty else { throw refused("No role is named to seal identities to.") }
        var owner: [[UInt8]: String] = [:]
        self.roles = try roles.keys.sorted().map { name in
            let holders = (roles[name] ?? []).sorted { $0.person < $1.person }
            guard Identifier.isValid(name), !holders.isEmpty else {
                throw refused("The role “\(name)” has no holder to seal identities to.")
            }
            guard Set(holders.map(\.person)).count == holders.count else {
                throw refused("A person stands twice in the role “\(name)”.")
            }
            for holder in holders {
                guard holder.sealingKey.count == 32,
                    (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: holder.sealingKey))
                        != nil,
                    owner[holder.sealingKey, default: holder.person] == holder.person
                else {
                    throw refused("The sealing key of “\(holder.person)” cannot be used.")
                }
                owner[holder.sealingKey] = holder.person
            }
            return Role(name: name, holders: holders)
        }
    }
}
