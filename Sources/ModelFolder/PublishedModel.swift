public import PipelineModel

/// Everything that a model's folder is made of; ``files()`` makes it.
///
/// Plain values: nothing in it reads a file, a clock or a database, so that the same model
/// gives the same bytes.
public struct PublishedModel: Sendable {
    /// A column of the equation, as people read it.
    public struct Term: Sendable, Equatable {
        /// The name of the column.
        public var name: String
        public var title: String
        /// What the value is, such as `1 if so, else 0`.
        public var scale: String
        /// `source.file` of its facts.
        public var source: String
        /// Whether it tells something about people other than the one whom the row is about.
        public var isThirdParty: Bool

        public init(
            name: String, title: String, scale: String, source: String, isThirdParty: Bool = false
        ) {
            self.name = name
            self.title = title
            self.scale = scale
            self.source = source
            self.isThirdParty = isThirdParty
        }
    }

    /// A source of facts and why it may be used.
    public struct Source: Sendable, Equatable, Codable {
        /// `source.file`.
        public var extract: String
        public var purpose: String
        public var legalBasis: String
        public var legalBasisExpires: String

        public init(
            extract: String, purpose: String, legalBasis: String, legalBasisExpires: String
        ) {
            self.extract = extract
            self.purpose = purpose
            self.legalBasis = legalBasis
            self.legalBasisExpires = legalBasisExpires
        }
    }

    /// What was read to make the model, by name and digest.
    public struct Snapshot: Sendable, Equatable, Codable {
        public var name: String
        public var sha256: String

        public init(name: String, digest: ContentDigest) {
            self.name = name
            sha256 = digest.hex
        }
    }

    /// The rows that the model was fitted and tested on; none of them leaves this value.
    public struct Development: Sendable {
        public var matrix: DesignMatrix
        /// 1, 0, or NaN where it is not known.
        public var outcome: [Double]
        /// 0 for rows of the fit, 1 and up for test folds.
        public var fold: [Int32]
        /// How a day is written.
        public var dayText: @Sendable (Day) -> String
        public var snapshot: [Snapshot]

        public init(
            matrix: DesignMatrix, outcome: [Double], fold: [Int32],
            dayText: @escaping @Sendable (Day) -> String, snapshot: [Snapshot]
        ) {
            self.matrix = matrix
            self.outcome = outcome
            self.fold = fold
            self.dayText = dayText
            self.snapshot = snapshot
        }
    }

    public var name: String
    public var title: String
    public var purpose: String
    public var version: Int
    public var unit: UnitKind
    /// Whether it was fitted here; else its coefficients were published elsewhere.
    public var isFitted: Bool
    /// What of a published equation was fitted again here: `intercept` or `slope`.
    public var recalibration: String?
    /// Whether the training rows taught the equation something, so that they cannot test it.
    var learnsHere: Bool { isFitted || recalibration != nil }
    public var specification: ContentDigest
    /// The files of the specification as they were read, by their bare names.
    public var specificationFiles: [FolderFile]
    public var equation: ScoringEquation
    /// A description of each column; a term without one is shown by its name.
    public var terms: [Term]
    /// What the outcome is, in words; `nil` where the model is only applied.
    public var outcome: String?
    public var listSize: Int
    /// The column by which the service ranks today.
    public var baseline: String?
    /// The names of the groupings by which fairness is measured.
    public var groupings: [String]
    public var sources: [Source]
    /// `coefficients.json` as the fit wrote it.
    public var coefficients: [UInt8]?
    /// `evaluation.json` as the evaluation wrote it.
    public var evaluation: [UInt8]?
    /// The evaluation as a page for people.
    public var evaluationPage: [UInt8]?
    /// `recalibration.json` as the recalibration wrote it.
    public var recalibrationFile: [UInt8]?
    public var development: Development?
    /// The version of Stile.
    public var stile: String

    public init(
        name: String, title: String, purpose: String, version: Int, unit: UnitKind,
        isFitted: Bool, recalibration: String? = nil, specification: ContentDigest,
        specificationFiles: [FolderFile],
        equation: ScoringEquation, terms: [Term], outcome: String?, listSize: Int,
        baseline: String? = nil, groupings: [String] = [], sources: [Source] = [],
        coefficients: [UInt8]? = nil, evaluation: [UInt8]? = nil,
        evaluationPage: [UInt8]? = nil, recalibrationFile: [UInt8]? = nil,
        development: Development? = nil, stile: String
    ) {
        self.name = name
        self.title = title
        self.purpose = purpose
        self.version = version
        self.unit = unit
        self.isFitted = isFitted
        self.recalibration = recalibration
        self.specification = specification
        self.specificationFiles = specificationFiles
        self.equation = equation
        self.terms = terms
        self.outcome = outcome
        self.listSize = listSize
        self.baseline = baseline
        self.groupings = groupings
        self.sources = sources
        self.coefficients = coefficients
        self.evaluation = evaluation
        self.evaluationPage = evaluationPage
        self.recalibrationFile = recalibrationFile
        self.development = development
        self.stile = stile
    }
}

extension PublishedModel.Development {
    /// The rows whose ranges the test pack uses: those of the fit, or for a published equation
    /// all whose outcome is known.
    func described(learnsHere: Bool) -> [Int] {
        fold.indices.filter { (fold[$0] == 0 || !learnsHere) && !outcome[$0].isNaN }
    }

    /// The rows that test the equation: a published one was fitted elsewhere, so that every
    /// row with an outcome tests it.
    func tested(learnsHere: Bool) -> [Int] {
        fold.indices.filter { (fold[$0] > 0 || !learnsHere) && !outcome[$0].isNaN }
    }
}
