import Attestation
import ColumnFiles
import Foundation
import Intake
import NightRun
import PipelineModel
import Storage

extension SourceZone {
    /// What the stages of the source zone put on record before they stand.
    static let steps: StepLog.Kinds = [
        "pseudonymise": [
            .init("delivery.accepted", outputs: false), .init("batch.written", inputs: false),
        ],
        "rekey": [.init("batch.rekeyed")],
    ]

    /// Verifies the zone's own log, and the run records and retained files against its leaves.
    ///
    /// - Returns: Lines for people; no identifier and no value is in them.
    /// - Throws: `StileError` with code `integrity` at the first thing that is not as it was.
    public static func audit(configuration path: String) throws -> [String] {
        let setting = try SourceSetting(configuration: path)
        let database = try setting.database()
        guard try StepLog.hasBegun(in: database) else {
            throw StileError(
                .input, "The log of the source zone has not begun.", at: .init(file: path),
                remedy: "It begins with the first night.")
        }
        let view = try setting.log(database).view()
        return [
            "log: \(view.checkpoint.size) leaves, root \(view.checkpoint.root.hex), signed by the zone's log key"
        ]
            + (try StepAudit(
                view, kinds: steps, database: database,
                columns: ColumnStore(existing: "\(setting.folders.state)/columns"),
                folder: setting.folder
            ).check())
            + (try ReviewDesk(setting).audit(view))
    }
}
