import Identifiers
public import Intake
import PipelineModel

extension EncodingSpecification {
    /// Counts the subjects of a delivery that share an NHS number or a UPN with another of its subjects.
    ///
    /// Each is to stand for one person within a return (statutory children's returns: CIN rule 1520,
    /// SSDA903 rule 444). All rows of the delivery are looked at, not only those that are news; values
    /// that break their rule, temporary UPNs and fields of former or replaced values are not.
    ///
    /// - Parameter extract: The delivery, checked.
    /// - Returns: One count for each field in which there are such subjects, by field.
    public func sharedIdentifiers(in extract: CheckedExtract) -> [IdentifierCounts.Count] {
        fields.filter(\.isEncoded).sorted { $0.name < $1.name }.compactMap { field in
            let rule: IdentifierRule
            let read: (String) -> String?
            switch field.kind {
            case .nhsNumber:
                rule = .nhsNumberShared
                read = { NHSNumber.read($0).value?.text }
            case .upn:
                rule = .upnShared
                read = { text in
                    UPN.read(text).value.flatMap { $0.isTemporary ? nil : $0.text }
                }
            default: return nil
            }
            var first: [String: SubjectPseudonym] = [:]
            var shared: Set<SubjectPseudonym> = []
            extract.forEachIdentity(field.name) { subject, text in
                guard let value = read(text) else { return }
                guard let other = first[value] else {
                    first[value] = subject
                    return
                }
                if other != subject { shared.formUnion([other, subject]) }
            }
            guard !shared.isEmpty else { return nil }
            return .init(field: field.name, rule: rule.rawValue, count: shared.count)
        }
    }
}
