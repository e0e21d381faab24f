import Storage
import Foundation
import NightRun
import PipelineModel

extension CommonOptions {
    /// Clock, log and progress for a night that this command starts.
    func environment(_ night: NightOptions) -> NightEnvironment {
        let console = console
        return NightEnvironment(
            version: Version.text, asOf: night.asOf,
            log: { level, message in
                switch level {
                case .debug, .info: console.detail(message)
                case .warning, .error: console.log(message)
                }
            },
            progress: { console.progress("\($0.stage) \($0.scope)", $0.fraction ?? 0) })
    }
}

extension Console {
    /// Prints what a night did, and throws what stopped it.
    func report(_ outcome: NightOutcome) throws {
        progress("", 1)
        var lines = outcome.record.stages.map { stage in
            let name = stage.scope.isEmpty ? stage.stage : "\(stage.stage) \(stage.scope)"
            return switch stage.status {
            case .unchanged: "  \(name): unchanged"
            case .ran:
                "  \(name): \(stage.rowsIn) rows in, \(stage.rowsOut) out"
                    + (stage.rowsRefused > 0 ? ", \(stage.rowsRefused) refused" : "")
            case .refused, .failed: "  \(name): \(stage.status.rawValue)"
            }
        }
        lines.append("  run \(outcome.record.id), page \(outcome.page)")
        lines += outcome.notes
        result(
            lines.joined(separator: "\n"),
            [
                "run": .string(outcome.record.id),
                "state": .string(outcome.record.state.rawValue),
                "page": .string(outcome.page),
                "notes": .array(outcome.notes.map(JSONValue.string)),
                "stages": .array(
                    outcome.record.stages.map { stage in
                        .object([
                            "stage": .string(stage.stage), "scope": .string(stage.scope),
                            "status": .string(stage.status.rawValue),
                            "rows_in": .integer(stage.rowsIn), "rows_out": .integer(stage.rowsOut),
                            "rows_refused": .integer(stage.rowsRefused),
                            "outputs": .array(
                                stage.outputs.map { output in
                                    .object([
                                        "role": .string(output.role), "name": .string(output.name),
                                        "sha256": .string(output.digest.hex),
                                    ])
                                }),
                        ])
                    }),
            ])
        if let error = outcome.error { throw error }
    }
}
