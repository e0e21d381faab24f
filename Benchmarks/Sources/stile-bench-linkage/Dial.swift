extension DataSet {
    /// How the names of a set are hardened, and what results call it.
    struct Dial {
        let name: String
        /// As `hardening:` writes it; empty for the default.
        let hardening: String

        private static let none = "{salt: none, diffusion: 0}"

        /// - Parameters:
        ///   - options: `--hardening`, or `--dial`: `own`, the default of this program; `default`, that of
        ///     Stile; or `none`.
        ///   - set: What has a hardening of its own, or none.
        ///   - isClear: Whether the names' own pairs of letters are compared.
        init(_ options: [String: String], _ set: DataSet, isClear: Bool) throws {
            if isClear {
                (name, hardening) = ("in the clear", Self.none)
            } else if let stated = options["--hardening"] {
                (name, hardening) = ("stated dial", stated)
            } else {
                switch options["--dial"] ?? "own" {
                case "none": (name, hardening) = ("no hardening", Self.none)
                case "own" where !set.hardening.isEmpty:
                    (name, hardening) = ("own dial", set.hardening)
                case "own", "default": (name, hardening) = ("default dial", "")
                case let other:
                    throw Misuse(
                        what: "there is no dial \(other); --dial takes own, default or none")
                }
            }
        }
    }
}
