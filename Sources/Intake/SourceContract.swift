public import PipelineModel
public import StrictYAML
public import Tabular

/// What the source zone's `stile.yaml` says: where things lie, and for each
/// source what it delivers and under which terms.
public struct SourceContract: Sendable {
    /// Whether throw-away keys and shared accounts are tolerated.
    public enum Deployment: String, Sendable, CaseIterable {
        case sample
        case real
    }

    public var deployment: Deployment
    public var project: String
    public var clock: Clock
    /// Paths as written, relative to the folder of the file.
    public var folders: Folders
    /// How long raw extracts are kept in the archive.
    public var retainDays: Int
    /// The `encoding:` part, for `Pseudonymise` to parse.
    public var encoding: YAMLNode?
    public var review: Review
    /// In the order in which they are written.
    public var sources: [Source]

    /// Where the zone keeps its things.
    public struct Folders: Sendable, Equatable {
        public var drop: String
        public var archive: String
        public var exchange: String
        public var state: String
        public var pages: String
        public var keyring: String
        public var policy: String
        /// The folder of the linking zone, which this account must not be able to read.
        public var linkingZone: String?

        /// The same folders, below `base` where they are relative.
        public func resolved(against base: String) -> Folders {
            func path(_ name: String) -> String { AbsolutePath.resolve(name, against: base) }
            return Folders(
                drop: path(drop), archive: path(archive), exchange: path(exchange),
                state: path(state), pages: path(pages), keyring: path(keyring),
                policy: path(policy), linkingZone: linkingZone.map(path))
        }
    }

    /// Clerical review of pairs that the linking zone asks about.
    public struct Review: Sendable, Equatable {
        /// Through which requests come and answers go; relative to the folder of the file.
        public var folder: String
        /// The key that opens requests and signs answers.
        public var key: String
        /// The ids of those who may decide; none names nobody in particular.
        public var clerks: [String]
        /// Whether a third clerk decides where two differ.
        public var adjudicates: Bool
    }

    /// A data controller's system and its terms.
    public struct Source: Sendable, Equatable {
        public var name: String
        public var purpose: String
        public var legalBasis: LegalBasis
        public var maximumAgeDays: Int
        public var link: LinkRule
        public var sealIdentities: Bool
        public var register: Register
        /// In the order in which they are written.
        public var extracts: [ExtractContract]
    }

    /// Why the data may be used at all.
    public struct LegalBasis: Sendable, Equatable {
        /// The letter of Article 6(1) UK GDPR.
        public var article6: String
        /// The letter of Article 9(2), where special categories are processed.
        public var article9: String?
        /// The statute or agreement.
        public var reference: String
        /// The last day on which it holds.
        public var expires: Day

        /// In one line, as a cover sheet and an evidence pack write it.
        public var text: String {
            ["Article 6(1)(\(article6))", article9.map { "Article 9(2)(\($0))" }, reference]
                .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "; ")
        }
    }

    /// How a source's people join those of the other sources.
    public enum LinkRule: Sendable, Equatable {
        /// By the encoded identity.
        case encodings
        /// By a column of its files whose values mean the same in every source that names it.
        case trustedKey(column: String)

        /// The column of the trusted key; `nil` where the source has none.
        public var trustedKey: String? {
            if case .trustedKey(let column) = self { column } else { nil }
        }
    }

    /// What the rows of a source are.
    public enum Register: String, Sendable, CaseIterable {
        case facts
        case optOut = "opt_out"
        case objection
        case restriction
    }
}

/// One file kind of a source: its shape, its rules, what of it may pass.
public struct ExtractContract: Sendable, Equatable {
    /// How often a file is to come.
    public enum Arrival: String, Sendable, CaseIterable {
        case nightly
        case termly
        case once
        case optional
    }

    /// How a file writes its dates.
    public enum DateStyle: String, Sendable, CaseIterable {
        /// `yyyy-mm-dd`
        case iso
        /// `dd/mm/yyyy`
        case uk
        /// `yyyymmdd`
        case compact
    }

    /// What a file says of the rows that it does not hold.
    public enum DeliveryKind: String, Sendable, CaseIterable {
        /// Everything: a row that vanishes is retracted.
        case snapshot
        /// What is new or corrected; nothing is ever retracted.
        case append
        /// What is new, corrected or deleted, as a column says.
        case delta
    }

    /// The column of a delta that says what a row does.
    public struct OperationRule: Sendable, Equatable {
        public var column: String
        public var open: [String]
        public var close: [String]
    }

    /// Where the day on which a fact happened or became known stands.
    public enum DayRule: Sendable, Equatable {
        /// Nowhere in the file: it is the day of the delivery that first has the row as it is.
        case delivery
        case column(String)

        /// Reads the rule as it is written: “delivery”, or the name of a column.
        init(_ text: String) { self = text == "delivery" ? .delivery : .column(text) }

        /// The column of the file; `nil` where there is none.
        var column: String? { if case .column(let name) = self { name } else { nil } }
    }

    /// A field of the identity and its column.
    public struct IdentityField: Sendable, Equatable {
        public var field: String
        public var column: String
        /// What another column must say for the value to count; `nil` where it always does.
        public var marker: Marker?
    }

    /// Values of a column that say what another column of the row is, such as that the number in
    /// it is superseded.
    public struct Marker: Sendable, Equatable {
        public var column: String
        public var values: [String]
    }

    /// A column that may pass to the linking zone.
    public struct PayloadColumn: Sendable, Equatable {
        public var name: String
        public var column: String
        public var type: PayloadType
        /// Known only later, so never a feature.
        public var isOutcome: Bool
    }

    /// What the values of a payload column must be.
    public enum PayloadType: Sendable, Equatable {
        /// A code; `allow` lists the only ones that pass, where there is a list.
        case code(allow: [String]?)
        case number(minimum: Double, maximum: Double)
        case day(coarsen: Coarsening?)
    }

    /// What a day is rounded down to.
    public enum Coarsening: String, Sendable, CaseIterable {
        case month
        case year
    }

    public var source: String
    /// The name within the source, such as `patients`.
    public var file: String
    /// `source.file`.
    public var name: String { "\(source).\(file)" }
    /// The file name with `{date}` for the day of the delivery.
    public var pattern: String
    public var arrives: Arrival
    /// Encoding and delimiter of the file.
    public var dialect: CSVDialect
    public var format: ExtractFormat
    public var dates: DateStyle
    public var delivery: DeliveryKind
    public var operation: OperationRule?
    public var key: [String]
    public var subject: String
    public var happened: DayRule
    public var known: DayRule
    /// The column of the trusted key, where the source has one.
    public var trustedKey: String?
    /// The texts that stand for no value.
    public var missing: [String]
    public var minimumRows: Int
    /// The largest change in the number of rows against what is held, as a share of it.
    public var largestChange: Double?
    public var quarantineLimit: Double
    /// Sorted by field.
    public var identity: [IdentityField]
    /// Sorted by name.
    public var payload: [PayloadColumn]
}
