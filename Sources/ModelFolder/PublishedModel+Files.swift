import PipelineModel
import Scoring

extension PublishedModel {
    /// The files of the model's folder, by name, the manifest last.
    ///
    /// Goes in: this value. Comes out: the specification as it was read, the equation in three
    /// forms, test rows with their scores, what is known of data and results, documents with
    /// blanks, a script that checks it all, and the digests. No row of a person is in any.
    ///
    /// - Throws: `StileError` where the equation does not fit its rows or a number is not finite.
    public func files() throws -> [FolderFile] {
        let stored = StoredEquation(self)
        let ranges = ranges()
        let pack = try TestPack(equation: equation, ranges: ranges)
        var data = DataStatement(self, ranges: ranges, pack: pack)
        data.characteristics = development.map {
            Characteristics(
                $0, columns: equation.terms.map(\.name), learnsHere: learnsHere,
                readsTestLabels: evaluation != nil)
        }
        let bands = try scoreBands()
        let facts = ModelFacts(self, data: data, bands: bands, pack: pack)
        let example = pack.rows.first { $0.name == "random-1" } ?? pack.rows[0]
        var files = specificationFiles.map {
            FolderFile("\(FolderFile.Name.specification)/\($0.name)", $0.bytes)
        }
        if let coefficients { files.append(FolderFile(FolderFile.Name.coefficients, coefficients)) }
        if let evaluation { files.append(FolderFile(FolderFile.Name.evaluation, evaluation)) }
        if let recalibrationFile {
            files.append(FolderFile(FolderFile.Name.recalibration, recalibrationFile))
        }
        if let evaluationPage {
            files.append(FolderFile(FolderFile.Name.evaluationPage, evaluationPage))
        }
        if let bands {
            files.append(try FolderFile(FolderFile.Name.bands, json: BandsFile(bands)))
        }
        files += [
            try FolderFile(FolderFile.Name.equation, json: stored),
            FolderFile(
                FolderFile.Name.equationText, text: PlainEquation.text(stored, example: example)),
            FolderFile(FolderFile.Name.pmml, text: PMMLDocument.text(stored, stile: stile)),
            FolderFile(FolderFile.Name.testPack, text: pack.csv),
            try FolderFile(FolderFile.Name.data, json: data),
            FolderFile(FolderFile.Name.card, text: ModelCard.text(facts)),
            FolderFile(FolderFile.Name.atrs, text: ATRSRecord.text(facts)),
            FolderFile(FolderFile.Name.tripod, text: TRIPODChecklist.text(facts)),
            FolderFile(FolderFile.Name.probast, text: PROBASTChecklist.text(facts)),
            FolderFile(FolderFile.Name.check, text: CheckScript.text),
        ]
        files.sort { $0.name < $1.name }
        let manifest = try FolderFile(
            FolderFile.Name.manifest, json: FolderManifest(self, files: files))
        return files + [manifest]
    }

    /// `bands.json`.
    private struct BandsFile: Codable {
        var format = 1
        var bands: [ScoreBand]
        /// A number of fewer different people than this is withheld.
        var smallestCount = ScoreBand.smallestCount

        init(_ bands: [ScoreBand]) { self.bands = bands }
    }

    /// The range of each column of the equation.
    private func ranges() -> [ColumnRange] {
        guard let development else { return equation.terms.map { .unknown($0.name) } }
        let matrix = development.matrix
        let rows = development.described(learnsHere: learnsHere)
        var rowsOf: [UnitPseudonym: Int] = [:]
        for row in rows { rowsOf[matrix.rows[row].about, default: 0] += 1 }
        let most = rowsOf.values.max() ?? 1
        return equation.terms.map { term in
            guard let column = matrix.columns.firstIndex(of: term.name) else {
                return .unknown(term.name)
            }
            return .of(term.name, rows.map { matrix[$0, column] }, rowsOfOne: most)
        }
    }

    /// What happened in each band of chance among the test rows; `nil` where there are none.
    ///
    /// Without an evaluation their labels are not read: every reading of them is counted there.
    private func scoreBands() throws -> [ScoreBand]? {
        guard evaluation != nil, let development else { return nil }
        let rows = development.tested(learnsHere: learnsHere)
        guard !rows.isEmpty else { return nil }
        let matrix = development.matrix
        let count = matrix.rows.count
        let part = DesignMatrix(
            unitKind: matrix.unitKind, rows: rows.map { matrix.rows[$0] }, columns: matrix.columns,
            values: matrix.columns.indices.flatMap { column in
                rows.map { matrix.values[column * count + $0] }
            })
        return ScoreBand.bands(
            probability: try Scorer(model: equation).score(part).probability,
            outcome: rows.map { development.outcome[$0] }, about: part.rows.map(\.about))
    }
}
