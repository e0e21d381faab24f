import Foundation
import PipelineModel

/// Whether one account can read two zones, and what that means.
public enum ZoneSeparation {
    /// Refuses a real deployment in which this account can read the other zone.
    ///
    /// - Parameters:
    ///   - isSample: A sample may hold every zone in one account; it is told so.
    ///   - own: The name of the zone that is about to start.
    ///   - other: The folder of the zone that must be out of reach.
    ///   - warn: Where a sample is told.
    /// - Throws: `StileError` with code `policy`.
    public static func check(
        isSample: Bool, own: String, other: String?, warn: (String) -> Void
    ) throws {
        guard let other else { return }
        let reachable = access(other, R_OK | X_OK) == 0
        if isSample {
            if reachable {
                warn(
                    "This is a sample: one account reads the source and the linking zone. A real deployment refuses that."
                )
            }
            return
        }
        guard geteuid() != 0 else {
            throw StileError(
                .policy, "The \(own) zone was started by root, who reads every zone.",
                remedy: "Run it as the zone's own account.")
        }
        guard !reachable else {
            throw StileError(
                .policy, "The account that starts the \(own) zone can read the other zone.",
                at: .init(file: other),
                remedy:
                    "Give each zone an account of its own and take away the others' access (chmod 0700)."
            )
        }
    }
}
