public import PipelineModel

/// The keys of one project, by epoch.
///
/// Tokens and filters are keyed by the secret of an epoch. Pseudonyms of subjects and records are
/// keyed by a secret of their own with generations of its own, so that a rotation of the token
/// keys leaves every pseudonym as it is: the linking zone goes on knowing whose facts are whose,
/// and compares only encodings of one epoch. Where the pseudonym secret itself must be changed, a
/// new generation is added and the source zone, which holds the raw keys, writes the mapping from
/// the old pseudonyms to the new.
///
/// A keyring never prints a secret; the file is the one place that holds it.
public struct Keyring: Sendable, Equatable {
    /// One secret with its number and the day on which it was made.
    public struct Entry: Sendable, Equatable {
        /// The epoch, or the generation of a pseudonym secret; from 1 on.
        public let epoch: Int
        /// A name for the key that gives nothing of it away.
        public let id: String
        public let created: Day
        let secret: Secret

        init(epoch: Int, secret: Secret, created: Day) {
            self.epoch = epoch
            id = secret.id
            self.created = created
            self.secret = secret
        }
    }

    public let project: String
    /// The token keys in ascending order of epoch.
    public let epochs: [Entry]
    /// The pseudonym keys in ascending order of generation.
    public let pseudonyms: [Entry]
    /// The epoch that new encodings use.
    public let current: Int

    init(project: String, epochs: [Entry], pseudonyms: [Entry], current: Int) {
        self.project = project
        self.epochs = epochs
        self.pseudonyms = pseudonyms
        self.current = current
    }

    /// Makes a keyring with one epoch and one pseudonym key of 256 bits each.
    ///
    /// - Parameters:
    ///   - project: The project whose keys they are.
    ///   - created: The day on which the epoch begins.
    ///   - generator: The system's generator, or a seeded one in a test.
    public static func create(
        project: String, created: Day, using generator: inout some RandomNumberGenerator
    ) -> Keyring {
        Keyring(
            project: project,
            epochs: [Entry(epoch: 1, secret: secret(&generator), created: created)],
            pseudonyms: [Entry(epoch: 1, secret: secret(&generator), created: created)],
            current: 1)
    }

    /// The keyring with one more token epoch, which becomes the current one.
    ///
    /// Pseudonyms stay; every subject must be encoded anew.
    public func rotated(
        created: Day, using generator: inout some RandomNumberGenerator
    ) -> Keyring {
        let epoch = (epochs.map(\.epoch).max() ?? 0) + 1
        let entry = Entry(epoch: epoch, secret: Self.secret(&generator), created: created)
        return Keyring(
            project: project, epochs: epochs + [entry], pseudonyms: pseudonyms, current: epoch)
    }

    /// The keyring with one more generation of the pseudonym key.
    ///
    /// Every pseudonym changes: use it only together with a mapping from
    /// `pseudonymHasher(generation:)` of the old generation to that of the new.
    public func rotatedPseudonyms(
        created: Day, using generator: inout some RandomNumberGenerator
    ) -> Keyring {
        let generation = (pseudonyms.map(\.epoch).max() ?? 0) + 1
        let entry = Entry(epoch: generation, secret: Self.secret(&generator), created: created)
        return Keyring(
            project: project, epochs: epochs, pseudonyms: pseudonyms + [entry], current: current)
    }

    private static func secret(_ generator: inout some RandomNumberGenerator) -> Secret {
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            let word = generator.next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
        }
        return Secret(bytes)
    }
}

extension Keyring: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The project and the ids of its keys.
    public var description: String {
        let keys = epochs.map { "\($0.epoch): \($0.id)" }.joined(separator: ", ")
        return "keyring of “\(project)” (epochs \(keys); current \(current))"
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
