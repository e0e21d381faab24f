import Foundation
import PipelineModel
import Storage
import TestSupport

/// A digest for tests: the same byte 32 times.
func digest(_ byte: UInt8) -> ContentDigest {
    let hex = (byte < 16 ? "0" : "") + String(byte, radix: 16)
    guard let digest = ContentDigest(hex: String(repeating: hex, count: 32)) else {
        preconditionFailure("two digits 32 times are a digest")
    }
    return digest
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
