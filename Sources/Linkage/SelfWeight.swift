extension LinkageReport {
    /// How many records of a source weigh less than the link threshold even against themselves.
    ///
    /// Such a record says too little, or nothing but what is common: no other can ever be linked to it,
    /// but by a trusted key or a person.
    ///
    /// Source: R. Linacre et al., "Splink: Free software for probabilistic record linkage at
    /// scale", IJPDS 7 (2022), where such records are called unlinkable.
    public struct SelfWeight: Sendable, Equatable, Codable {
        public var source: String
        /// Of the records that were weighed, at most 10,000, those below the threshold.
        public var below: Proportion
    }
}

extension LinkageReport.SelfWeight {
    /// So many records of a source are weighed.
    static let most = 10_000

    /// Weighs records against themselves.
    ///
    /// Subjects stand in the order of their pseudonyms, which says nothing of them, so that each
    /// record at equal distances is a sample.
    ///
    /// - Parameters:
    ///   - store: All rows.
    ///   - scoring: What weighs pairs.
    ///   - threshold: The link threshold, in bits.
    static func all(
        _ store: FieldStore, _ scoring: PairScoring, threshold: Double
    ) -> [LinkageReport.SelfWeight] {
        var rows = store.sourceNames.map { _ in [UInt32]() }
        for (row, source) in store.rowSource.enumerated() { rows[Int(source)].append(UInt32(row)) }
        let samples = rows.map { rows in
            let step = (rows.count + most - 1) / most
            return step <= 1 ? rows : stride(from: 0, to: rows.count, by: step).map { rows[$0] }
        }
        var weights = scoring.weights
        return zip(store.sourceNames, samples).map { name, sample in
            let weighed = scoring.weigh(sample, sample, &weights)
            return LinkageReport.SelfWeight(
                source: name,
                below: Proportion(weighed.count { $0.weight < threshold }, of: sample.count))
        }
    }
}
