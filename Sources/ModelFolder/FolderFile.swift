import PipelineModel

/// A file of a model's folder: its path in the folder, and its bytes.
public struct FolderFile: Sendable, Equatable {
    /// With `/` between the parts, such as `specification/model.yaml`.
    public var name: String
    public var bytes: [UInt8]

    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public init(_ name: String, text: String) {
        self.init(name, Array(text.utf8))
    }

    /// A value as JSON: keys sorted and in snake case, a newline at the end, so that equal
    /// values give equal bytes.
    ///
    /// - Throws: `StileError` with code `integrity` where a number is not finite.
    init(_ name: String, json value: some Encodable) throws {
        self.init(
            name,
            try CanonicalForm.bytes(
                value, keys: .snakeCase,
                otherwise: StileError(
                    .integrity,
                    "The file \(name) of the model's folder holds a number that is not finite.",
                    remedy: "Fit or evaluate the model again; nothing was written.")))
    }
}

extension FolderFile {
    /// The names of the files, in one place for those who write and those who read.
    enum Name {
        static let specification = "specification"
        static let coefficients = "coefficients.json"
        static let equation = "equation.json"
        static let equationText = "equation.txt"
        static let pmml = "model.pmml"
        static let testPack = "test-pack.csv"
        static let data = "data.json"
        static let evaluation = "evaluation.json"
        static let evaluationPage = "evaluation.html"
        static let recalibration = "recalibration.json"
        static let bands = "bands.json"
        static let card = "card.md"
        static let atrs = "atrs.md"
        static let tripod = "tripod-ai.md"
        static let probast = "probast-ai.md"
        static let check = "check.py"
        static let manifest = "manifest.json"
        /// What counts fewer than ten people in places, and is for reviewers.
        static let notForPublication = [evaluation, evaluationPage]
    }
}
