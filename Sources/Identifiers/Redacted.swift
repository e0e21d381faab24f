/// A value of a person: neither printing nor reflection shows it; only its own properties do.
protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    public var description: String { "(\(Self.self))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension NHSNumber: Redacted {}
extension UPN: Redacted {}
extension UPRN: Redacted {}
extension Postcode: Redacted {}
extension BirthDate: Redacted {}
extension PartialBirthDate: Redacted {}
