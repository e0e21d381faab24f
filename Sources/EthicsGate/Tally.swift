import PipelineModel

/// What stands of the sign-offs of one list, read in the order of the log.
struct Tally {
    struct Standing {
        var signOff: SignOff
        var envelope: ContentDigest
    }

    private var roleOfPerson: [String: String] = [:]
    private var approving: [String: Standing] = [:]
    private var holding: [String: SignOff] = [:]
    private var refusing: [String: SignOff] = [:]

    /// Takes the next sign-off.
    ///
    /// A withdrawn hold asks everyone to approve afresh.
    mutating func add(_ signOff: SignOff, envelope: ContentDigest) throws {
        if let role = roleOfPerson.updateValue(signOff.role, forKey: signOff.person),
            role != signOff.role
        {
            throw Gate.refused(
                "“\(signOff.person)” signed in the roles “\(role)” and “\(signOff.role)”.",
                "One person signs a list in one role; run the night again for a new list.")
        }
        switch signOff.decision {
        case .approve:
            approving[signOff.person] = Standing(signOff: signOff, envelope: envelope)
        case .refuse: refusing[signOff.person] = signOff
        case .hold: holding[signOff.person] = signOff
        case .withdraw:
            if holding.removeValue(forKey: signOff.person) != nil { approving = [:] }
        }
    }

    /// Every refusal and every hold that stands, in ascending order of person.
    var objections: [Decision.Objection] {
        (Array(refusing.values) + Array(holding.values))
            .map { .init(person: $0.person, role: $0.role, decision: $0.decision) }
            .sorted { ($0.person, $0.decision.rawValue) < ($1.person, $1.decision.rawValue) }
    }

    /// The approvals in one role, in ascending order of person.
    func approvals(role: String) -> [Standing] {
        approving.values.filter { $0.signOff.role == role }
            .sorted { $0.signOff.person < $1.signOff.person }
    }
}
