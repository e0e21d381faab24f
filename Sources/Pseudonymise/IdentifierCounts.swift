/// How often each rule spoke, by field: values that became missing, and warnings.
///
/// There are no values in it.
public struct IdentifierCounts: Sendable, Equatable {
    public struct Count: Sendable, Equatable {
        public let field: String
        /// The raw value of an `IdentifierRule`, such as `nhs_number.check`; `absent` where there
        /// was no value.
        public let rule: String
        public let count: Int
    }

    /// The versions of identities that were encoded; each field had as many values.
    public let versions: Int
    /// Sorted by field and rule.
    public let counts: [Count]

    /// How often `rule` spoke for `field`.
    public func count(field: String, rule: String) -> Int {
        counts.first { $0.field == field && $0.rule == rule }?.count ?? 0
    }
}
