public import PipelineModel

/// Why a clerk decided as they did: a code, so that no name can be written down.
public enum ReviewReason: String, Sendable, CaseIterable {
    case identifiersAgree = "identifiers_agree"
    case namesAndBirthAgree = "names_and_birth_agree"
    case movedHome = "moved_home"
    case changedName = "changed_name"
    case writtenWrongly = "written_wrongly"
    case differentPerson = "different_person"
    case twinOrSibling = "twin_or_sibling"
    case parentOrChild = "parent_or_child"
    case sameNameByChance = "same_name_by_chance"
    case tooLittleKnown = "too_little_known"
    case contradictory
    case noLongerHeld = "no_longer_held"

    /// The judgement for which it is a reason.
    public var judgement: Judgement {
        switch self {
        case .identifiersAgree, .namesAndBirthAgree, .movedHome, .changedName, .writtenWrongly:
            .link
        case .differentPerson, .twinOrSibling, .parentOrChild, .sameNameByChance: .not
        case .tooLittleKnown, .contradictory, .noLongerHeld: .cannotSay
        }
    }

    /// The reasons that a judgement can have, in the order in which they are offered.
    public static func reasons(for judgement: Judgement) -> [ReviewReason] {
        allCases.filter { $0.judgement == judgement }
    }

    /// The reason in words.
    public var words: String {
        switch self {
        case .identifiersAgree: "an identifier and the rest agree"
        case .namesAndBirthAgree: "names and date of birth agree"
        case .movedHome: "the same person, moved home"
        case .changedName: "the same person, another name"
        case .writtenWrongly: "the same person, written wrongly"
        case .differentPerson: "plainly different people"
        case .twinOrSibling: "twins or siblings"
        case .parentOrChild: "parent and child"
        case .sameNameByChance: "the same name by chance"
        case .tooLittleKnown: "too little is known"
        case .contradictory: "the values contradict each other"
        case .noLongerHeld: "the values are no longer held"
        }
    }
}
