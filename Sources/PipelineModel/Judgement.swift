/// What a person who saw two records says of them.
public enum Judgement: String, Sendable, CaseIterable, Codable {
    /// They are of one person.
    case link
    /// They are of two people.
    case not
    /// The records do not say.
    case cannotSay = "cannot_say"
}
