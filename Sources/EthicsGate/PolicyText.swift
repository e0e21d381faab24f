import Attestation
import PipelineModel

/// Writes the text of a policy file, for a deployment that makes its own keys.
public enum PolicyText {
    /// The text of a policy with these terms; `Policy.read` gives them back.
    public static func text(_ terms: PolicyTerms) -> String {
        let quorum = terms.roles.map { "\($0): \(terms.quorum[$0] ?? 1)" }.joined(separator: ", ")
        let head = """
            version: 1
            id: \(terms.id)
            epoch: \(terms.epoch)
            deployment: \(terms.deployment.rawValue)
            valid: {from: \(terms.validity.lowerBound.iso), until: \(terms.validity.upperBound.iso)}
            purposes: [\(terms.purposes.joined(separator: ", "))]
            # Each role and the signatures that it must give before a list is released.
            quorum: {\(quorum)}
            list: {max_rows: \(terms.maximumRows), margins_not_met: \(terms.marginsNotMet.rawValue)}
            recipients: [\(terms.recipients.joined(separator: ", "))]
            sign_off: {valid_hours: \(terms.signOffHours)}
            log: {origin: \(terms.logOrigin), key: "\(terms.logKey.hex)"}
            release:
              sealing_key: "\(Hex.encode(terms.releaseSealingKey))"
              signing_key: "\(terms.releaseSigningKey.hex)"
            # Public keys of the people who may sign; people are ids, never names.
            holders:

            """
        return head + terms.holders.map(entry).joined()
    }

    /// The policy text with one more holder, where `holders` is its last key.
    public static func adding(_ holder: PolicyTerms.Holder, to text: String) -> String {
        (text.hasSuffix("\n") ? text : text + "\n") + entry(holder)
    }

    private static func entry(_ holder: PolicyTerms.Holder) -> String {
        """
          - person: \(holder.person)
            roles: [\(holder.roles.joined(separator: ", "))]
            signing_key: "\(holder.signingKey.hex)"
            sealing_key: "\(Hex.encode(holder.sealingKey))"
            valid: {from: \(holder.validity.lowerBound.iso), until: \(holder.validity.upperBound.iso)}
            throwaway: \(holder.throwaway)

        """
    }
}
