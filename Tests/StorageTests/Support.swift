import Foundation
import PipelineModel
import Storage
import TestSupport

/// A digest for tests: the same byte 32 times.
func digest(_ byte: UInt8) -> ContentDigest {
    ContentDigest(bytes: [UInt8](repeating: byte, count: 32))!
}

let moment = Date(timeIntervalSince1970: 1_774_747_800)

func open(_ folder: TemporaryFolder, _ zone: Zone = .source) throws -> ZoneDatabase {
    try ZoneDatabase(path: folder.path + "/\(zone.rawValue).sqlite", zone: zone)
}

func record(_ id: String, zone: Zone = .source) -> RunRecord {
    RunRecord(
        id: id, zone: zone, began: moment, day: 20_541, process: 7,
        versions: ["BLAS": "openblas", "SQLite": "3.40.1"])
}

func fault(_ body: () throws -> Void) -> StileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StileError
    }
}
