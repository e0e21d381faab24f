public import EncodedExtract

/// How filters were hardened before they were handed over: the settings at which an attack rate and a
/// quality of linkage belong together.
public struct FilterDial: Sendable, Equatable, Codable {
    /// Fields whose filters are hardened alike, in ascending order.
    public var fields: [String]
    /// The token field whose value salts them; `nil` where nothing does.
    public var salt: String?
    /// How many drawn bits each stored bit is the exclusive or of; 1 for none but itself.
    public var mixed: Int
    /// The probability with which each stored bit was inverted.
    public var flip: Double

    /// The dial of each filter that is held, fields that are alike together.
    public static func all(_ held: [Encodings]) -> [FilterDial] {
        var fields: [String: Encodings.Field] = [:]
        for piece in held {
            for field in piece.fields {
                guard case .filter = field.values else { continue }
                fields[field.name] = fields[field.name] ?? field
            }
        }
        var dials: [FilterDial] = []
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
            let place = dials.firstIndex {
                $0.salt == field.salt && $0.mixed == field.hardening.mixed
                    && $0.flip == field.hardening.flip
            }
            if let place {
                dials[place].fields.append(name)
            } else {
                dials.append(
                    FilterDial(
                        fields: [name], salt: field.salt, mixed: field.hardening.mixed,
                        flip: field.hardening.flip))
            }
        }
        return dials
    }

    /// In words, the fields first.
    public var words: String {
        let salted = salt.map { "salted by \($0)" } ?? "no salt"
        let bits =
            mixed > 1 ? "each stored bit of \(mixed) secret ones" : "bits stored as they are drawn"
        let noise = flip > 0 ? "inverted with probability \(flip)" : "none inverted"
        return "\(fields.joined(separator: ", ")): \(salted), \(bits), \(noise)"
    }
}
