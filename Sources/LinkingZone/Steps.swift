import NightRun

extension LinkingZone {
    /// What the stages of the linking zone put on record before they stand.
    ///
    /// `readiness` changes nothing, and `propose` has the leaves of its list.
    static let steps: StepLog.Kinds = [
        "receive": [.init("batch.received")],
        "link": [.init("people.linked")],
        "sample": [.init("review.requested")],
        "review": [.init("review.received")],
        "exclusions": [.init("exclusions.published")],
        "freeze": [.init("model.frozen")],
        "develop": [.init("model.developed")],
        "train": [.init("model.trained")],
        "evaluate": [.init("model.evaluated")],
        "publish": [.init("model.published")],
        "features": [.init("matrix.built")],
        "score": [.init("matrix.scored")],
    ]
}
