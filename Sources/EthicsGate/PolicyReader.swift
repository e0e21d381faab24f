import Attestation
import PipelineModel
import StrictYAML

/// Takes a policy out of YAML and notes every fault.
enum PolicyReader {
    static func terms(_ root: YAMLNode, _ faults: inout FaultList) -> PolicyTerms? {
        var reader = MappingReader(root, what: "policy", faults: &faults)
        _ = reader.integer("version", in: 1...1, &faults)
        let id = identifier(reader.required("id", &faults), "id", &faults)
        let epoch = reader.integer("epoch", in: 1...1_000_000, &faults)
        let deployment = reader.choice("deployment", of: PolicyTerms.Deployment.self, &faults)
        if reader.node("deployment") == nil { _ = reader.required("deployment", &faults) }
        let validity = self.validity(reader.required("valid", &faults), "policy", &faults)
        let purposes = identifiers("purposes", &reader, &faults)
        let quorum = self.quorum(reader.required("quorum", &faults), &faults)
        let list = section("list", &reader, &faults) { list, faults in
            (
                rows: list.integer("max_rows", in: 1...10_000, &faults),
                margins: list.choice(
                    "margins_not_met", of: PolicyTerms.MarginsNotMet.self, default: .refuse,
                    &faults) ?? .refuse
            )
        }
        let recipients = identifiers("recipients", &reader, &faults)
        let hours = section("sign_off", &reader, &faults) { section, faults in
            section.integer("valid_hours", in: 1...24 * 31, &faults)
        }
        let log = section("log", &reader, &faults) { log, faults in
            (
                log.string("origin", &faults),
                verifyingKey(log.required("key", &faults), "key", &faults)
            )
        }
        let release = section("release", &reader, &faults) { release, faults in
            (
                sealingKey(release.required("sealing_key", &faults), &faults),
                verifyingKey(release.required("signing_key", &faults), "signing_key", &faults)
            )
        }
        let items = reader.items("holders", &faults)
        let holders = items.compactMap {
            HolderReader.holder($0, roles: quorum, &faults)
        }
        reader.finish(&faults)
        guard let deployment, let validity, let list, let hours, let (origin, logKey) = log,
            let logKey, let (releaseSealing, releaseSigning) = release, let releaseSealing,
            let releaseSigning
        else { return nil }
        let terms = PolicyTerms(
            id: id, epoch: epoch, deployment: deployment, validity: validity, purposes: purposes,
            quorum: quorum, maximumRows: list.rows, marginsNotMet: list.margins,
            recipients: recipients, signOffHours: hours,
            logOrigin: origin, logKey: logKey, releaseSealingKey: releaseSealing,
            releaseSigningKey: releaseSigning, holders: holders)
        if holders.count == items.count {
            HolderReader.check(terms, at: root.place, &faults)
        }
        return terms
    }

    private static func section<Value>(
        _ key: String, _ reader: inout MappingReader, _ faults: inout FaultList,
        _ body: (inout MappingReader, inout FaultList) -> Value
    ) -> Value? {
        guard let node = reader.required(key, &faults) else { return nil }
        var inner = MappingReader(node, what: key, faults: &faults)
        let value = body(&inner, &faults)
        inner.finish(&faults)
        return value
    }

    static func identifier(
        _ node: YAMLNode?, _ key: String, _ faults: inout FaultList
    ) -> String {
        guard let node, let text = node.text(key, &faults) else { return "" }
        guard Identifier.isValid(text) else {
            faults.add(
                "“\(key)” holds more than a–z, 0–9, “.”, “_” and “-”.", at: node.place,
                remedy: "Use an id of those letters; look for look-alikes and spaces.")
            return ""
        }
        return text
    }

    /// A list of different identifiers with at least one.
    static func identifiers(
        _ key: String, _ reader: inout MappingReader, _ faults: inout FaultList
    ) -> [String] {
        guard let node = reader.required(key, &faults) else { return [] }
        guard case .sequence(let items) = node.content, !items.isEmpty else {
            faults.add(
                "“\(key)” must be a list with at least one item.", at: node.place,
                remedy: "Write it as [a, b].")
            return []
        }
        let values = items.map { identifier($0, key, &faults) }
        if Set(values).count != values.count {
            faults.add("“\(key)” names one thing twice.", at: node.place, remedy: "Keep one.")
        }
        return values
    }

    private static func quorum(
        _ node: YAMLNode?, _ faults: inout FaultList
    ) -> [String: Int] {
        guard let node else { return [:] }
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            faults.add(
                "The quorum names no role.", at: node.place,
                remedy: "Name each role with the signatures it must give, such as “ig_releaser: 1”."
            )
            return [:]
        }
        var quorum: [String: Int] = [:]
        var reader = MappingReader(node, what: "quorum", faults: &faults)
        for entry in entries {
            if !Identifier.isValid(entry.key) {
                faults.add(
                    "A role of the quorum holds more than a–z, 0–9, “.”, “_” and “-”.",
                    at: entry.place, remedy: "Look for look-alike letters and capitals.")
            }
            quorum[entry.key] = reader.integer(entry.key, in: 1...20, &faults)
        }
        return quorum
    }

    static func validity(
        _ node: YAMLNode?, _ what: String, _ faults: inout FaultList
    ) -> ClosedRange<Day>? {
        guard let node else { return nil }
        var reader = MappingReader(node, what: "validity of the \(what)", faults: &faults)
        _ = reader.required("from", &faults)
        _ = reader.required("until", &faults)
        let from = reader.day("from", &faults)
        let until = reader.day("until", &faults)
        reader.finish(&faults)
        guard let from, let until else { return nil }
        guard from <= until else {
            faults.add(
                "The validity of the \(what) ends before it begins.", at: node.place,
                remedy: "Put “from” before “until”.")
            return nil
        }
        return from...until
    }

    static func verifyingKey(
        _ node: YAMLNode?, _ key: String, _ faults: inout FaultList
    ) -> VerifyingKey? {
        guard let node, let text = node.text(key, &faults) else { return nil }
        guard let value = VerifyingKey(hex: text) else {
            faults.add(
                "“\(key)” is not an Ed25519 public key that can be used.", at: node.place,
                remedy: "Copy the 64 hexadecimal digits from the .pub file.")
            return nil
        }
        return value
    }

    static func sealingKey(_ node: YAMLNode?, _ faults: inout FaultList) -> [UInt8]? {
        guard let node, let text = node.text("sealing_key", &faults) else { return nil }
        guard let bytes = Hex.decode(text), bytes.count == 32, !WeakSealingKeys.contains(bytes)
        else {
            faults.add(
                "“sealing_key” is not an X25519 public key that can be used.", at: node.place,
                remedy: "Copy the 64 hexadecimal digits from the .pub file.")
            return nil
        }
        return bytes
    }
}

/// The public keys of X25519 whose every agreement is zero.
///
/// Source: the points of order 1, 2, 4 and 8 of Curve25519 and their
/// non-canonical encodings; the top bit is ignored (RFC 7748, section 5).
enum WeakSealingKeys {
    static func contains(_ key: [UInt8]) -> Bool {
        var masked = key
        masked[31] &= 0x7f
        return points.contains(Hex.encode(masked))
    }

    private static let points: Set<String> = {
        let middle = String(repeating: "ff", count: 30)
        let zeros = String(repeating: "00", count: 31)
        return [
            "00" + zeros, "01" + zeros, "ec\(middle)7f", "ed\(middle)7f", "ee\(middle)7f",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ]
    }()
}
