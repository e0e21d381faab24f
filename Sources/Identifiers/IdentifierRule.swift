/// The rule by which a value was refused, set aside as missing, or warned of.
///
/// The raw value is what reports and counts print; no case carries the value itself.
public enum IdentifierRule: String, Sendable, CaseIterable {
    /// There is no value.
    case absent

    /// An NHS number is not ten digits.
    case nhsNumberShape = "nhs_number.shape"
    /// All digits of an NHS number are the same, zeros included.
    case nhsNumberRepeated = "nhs_number.repeated"
    /// The modulus 11 check of an NHS number fails.
    case nhsNumberCheck = "nhs_number.check"
    /// An NHS number begins with 9: the range is for tests.
    case nhsNumberTestRange = "nhs_number.test_range"
    /// A number lies in the Scottish range: it is a CHI number.
    case nhsNumberScottish = "nhs_number.scottish_chi"
    /// A number lies in the Northern Irish range: it is a health and care number.
    case nhsNumberNorthernIrish = "nhs_number.northern_irish"
    /// An NHS number lies in a range of which none is known to be issued.
    case nhsNumberUnassigned = "nhs_number.unassigned_range"
    /// An NHS number stands for several subjects of one delivery.
    case nhsNumberShared = "nhs_number.shared"

    /// A UPN is not a letter, eleven digits, and a digit or letter.
    case upnShape = "upn.shape"
    /// The check letter of a UPN is wrong.
    case upnCheck = "upn.check"
    /// The local authority code of a UPN does not exist.
    case upnAuthority = "upn.authority"
    /// A UPN is temporary, so it never stands for a child.
    case upnTemporary = "upn.temporary"
    /// A code (UN1 to UN10) says why there is no UPN.
    case upnUnknown = "upn.unknown_code"
    /// A UPN stands for several subjects of one delivery.
    case upnShared = "upn.shared"

    /// A UPRN is not a whole number of one to twelve digits.
    case uprnShape = "uprn.shape"
    /// A UPRN is zero.
    case uprnZero = "uprn.zero"

    /// A postcode has none of the forms of British postcodes.
    case postcodeShape = "postcode.shape"
    /// A postcode has been mended: O for 0, I for 1, or the other way.
    case postcodeMended = "postcode.mended"
    /// A pseudo-postcode (ZZ99) says why there is none.
    case postcodePseudo = "postcode.pseudo"

    /// A date of birth is not a date of the calendar, and no part of it can be used.
    case birthDateShape = "date_of_birth.shape"
    /// A part of a date of birth is not given; the others are used.
    case birthDatePartial = "date_of_birth.partial"
    /// The year of a date of birth is impossible; month and day are used.
    case birthDateYear = "date_of_birth.year"
    /// The month of a date of birth is none; year and day are used.
    case birthDateMonth = "date_of_birth.month"
    /// The day of a date of birth is none, or none of its month; what it does not spoil is used.
    case birthDateDay = "date_of_birth.day"
    /// A date of birth is one that systems fill in where none is known.
    case birthDatePlaceholder = "date_of_birth.placeholder"

    /// A name stands for "not yet named" or "not known".
    case namePlaceholder = "name.placeholder"
    /// A name has no letter.
    case nameShape = "name.shape"
}

/// What the rules say of one value.
public enum Verdict<Value: Sendable>: Sendable {
    /// The value in its normal form, with a warning where a rule gives one.
    case valid(Value, warning: IdentifierRule? = nil)
    /// The value says that there is none; it counts as missing.
    case missing(IdentifierRule)
    /// The value breaks a rule; it counts as missing and is reported.
    case invalid(IdentifierRule)

    /// The normal form, where the value is valid.
    public var value: Value? {
        guard case .valid(let value, _) = self else { return nil }
        return value
    }

    /// The rule that spoke, where one did.
    public var rule: IdentifierRule? {
        switch self {
        case .valid(_, let warning): warning
        case .missing(let rule), .invalid(let rule): rule
        }
    }
}

extension Verdict: Equatable where Value: Equatable {}
