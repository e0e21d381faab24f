public import Foundation
public import PipelineModel

extension Day {
    /// The day in Europe/London at the moment `date`.
    ///
    /// - Throws: `StileError` with code `configuration` where the machine has no
    ///   time-zone data.
    public init(inLondon date: Date) throws {
        guard let london = TimeZone(identifier: "Europe/London") else {
            throw StileError(
                .configuration, "This machine does not know the time zone Europe/London.",
                remedy: "Install the time-zone data (`apt install tzdata`).")
        }
        let local = date.timeIntervalSince1970 + Double(london.secondsFromGMT(for: date))
        self.init(Int32((local / 86_400).rounded(.down)))
    }
}
