/// A second score beside the first.
extension EvaluationReport {
    var secondScoreText: [String] {
        guard let second = secondScore else { return [] }
        return [
            "Second score \(second.name): AUROC \(Words.interval(second.discrimination))",
            "The score less \(second.name): AUROC "
                + Words.assessed(second.against) {
                    "\(Words.interval($0.difference)), p \(Words.probability($0.pValue)), "
                        + ($0.difference.method ?? .deLong).words
                },
        ]
            + ([second.list] + second.lists).map { lists in
                "Lists of \(lists.size)\(lists.share.map { " (\(Words.percent($0)))" } ?? ""): "
                    + "\(Words.figure(lists.first, 1)) against \(Words.figure(lists.second, 1)) with the "
                    + "event, \(lists.onBoth) rows on both; precision less "
                    + text(lists.precision) + "; sensitivity less " + text(lists.sensitivity)
            }
    }

    private func text(_ difference: Assessed<SecondScore.Difference>) -> String {
        Words.assessed(difference) {
            Words.estimate(.value($0.difference), 4) + ", p \(Words.probability($0.pValue))"
        }
    }
}
