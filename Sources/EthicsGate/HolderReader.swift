import Attestation
import PipelineModel
import StrictYAML

/// Takes the holders out of a policy and checks them against each other.
enum HolderReader {
    static func holder(
        _ node: YAMLNode, roles known: [String: Int], _ faults: inout FaultList
    ) -> PolicyTerms.Holder? {
        var reader = MappingReader(node, what: "holder", faults: &faults)
        let person = PolicyReader.identifier(
            reader.required("person", &faults), "person", &faults)
        let roles = PolicyReader.identifiers("roles", &reader, &faults)
        for role in roles where !role.isEmpty && known[role] == nil {
            faults.add(
                "The role “\(role)” is not in the quorum.", at: node.place,
                remedy: "Correct its spelling, or give the role a signature in “quorum”.")
        }
        let signing = PolicyReader.verifyingKey(
            reader.required("signing_key", &faults), "signing_key", &faults)
        let sealing = PolicyReader.sealingKey(reader.required("sealing_key", &faults), &faults)
        let validity = PolicyReader.validity(
            reader.required("valid", &faults), "holder", &faults)
        let throwaway = reader.boolean("throwaway", default: false, &faults)
        reader.finish(&faults)
        guard let signing, let sealing, let validity else { return nil }
        return PolicyTerms.Holder(
            person: person, roles: roles, signingKey: signing, sealingKey: sealing,
            validity: validity, throwaway: throwaway)
    }

    static func check(_ terms: PolicyTerms, at place: StileError.Place, _ faults: inout FaultList) {
        var people: Set<String> = []
        var signing: [VerifyingKey: String] = [
            terms.logKey: "the log", terms.releaseSigningKey: "the release zone",
        ]
        var sealing: [[UInt8]: String] = [terms.releaseSealingKey: "the release zone"]
        if terms.logKey == terms.releaseSigningKey {
            faults.add(
                "The log and the release zone share a signing key.", at: place,
                remedy: "Make a key for each.")
        }
        for holder in terms.holders {
            if !people.insert(holder.person).inserted {
                faults.add(
                    "The person “\(holder.person)” stands twice.", at: place,
                    remedy: "Keep one entry with all roles of this person.")
            }
            if let other = signing.updateValue(holder.person, forKey: holder.signingKey) {
                faults.add(
                    "“\(holder.person)” and “\(other)” share a signing key.", at: place,
                    remedy: "Each needs a key of their own.")
            }
            if let other = sealing.updateValue(holder.person, forKey: holder.sealingKey) {
                faults.add(
                    "“\(holder.person)” and “\(other)” share a sealing key.", at: place,
                    remedy: "Each needs a key of their own.")
            }
            if terms.deployment == .real && holder.throwaway {
                faults.add(
                    "The keys of “\(holder.person)” are throw-away keys, which a real deployment refuses.",
                    at: place, remedy: "Let this person make keys without “--throw-away”.")
            }
        }
        for role in terms.roles {
            let count = terms.holders.filter { $0.roles.contains(role) }.count
            let needed = terms.quorum[role] ?? 1
            if count < needed {
                faults.add(
                    "The role “\(role)” needs \(needed) signatures and has \(count) holders.",
                    at: place, remedy: "Name enough holders of this role.")
            }
        }
        let signatures = terms.quorum.values.reduce(0, +)
        if people.count < signatures {
            faults.add(
                "The quorum needs \(signatures) different people and the policy names \(people.count).",
                at: place, remedy: "One person signs in one role only; name more holders.")
        }
    }
}
