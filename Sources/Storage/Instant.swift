public import Foundation

/// A moment as the database, the run record and the pages write it:
/// `2026-03-29T01:30:00Z`, to the second, in UTC.
public enum Instant {
    public static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// `nil` where `text` is not such a moment.
    public static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }
}
