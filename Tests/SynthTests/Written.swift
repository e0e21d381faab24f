import Hashing
import PipelineModel

@testable import Synth

/// A county written into memory.
final class Written {
    private(set) var files: [(path: String, bytes: [UInt8])] = []
    private(set) var summary: SyntheticCounty.Summary?

    init(people: Int, seed: UInt64 = 1, nights: Int, first: String = "2025-06-02") throws {
        summary = try SyntheticCounty.generate(
            people: people, seed: seed, nights: nights, firstNight: Day(iso: first) ?? Day(0),
            into: "county", write: { self.files.append(($0, $1)) })
    }

    /// One digest over the names and the bytes of all files, in the order of writing.
    var digest: String {
        var fingerprint = Fingerprint("county")
        for file in files { fingerprint.add(file.path, file.bytes) }
        return fingerprint.digest.hex
    }

    /// The records of a file, unpacked where it is gzipped, with the fields of each.
    func records(_ suffix: String) -> [[String]] {
        guard let file = files.first(where: { $0.path.hasSuffix(suffix) }) else { return [] }
        return Written.records(of: file)
    }

    static func records(of file: (path: String, bytes: [UInt8])) -> [[String]] {
        var bytes = file.path.hasSuffix(".gz") ? Inflate.gunzip(file.bytes) : file.bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                record.append(String(decoding: field, as: UTF8.self))
                field = []
            case 10 where !isQuoted:
                record.append(String(decoding: field, as: UTF8.self))
                records.append(record)
                record = []
                field = []
            case 13 where !isQuoted: break
            default: field.append(byte)
            }
        }
        return records
    }
}

/// Unpacks the one kind of gzip that ``Gzip`` writes: one block with fixed codes.
enum Inflate {
    static func gunzip(_ input: [UInt8]) -> [UInt8] {
        var position = 10 * 8
        var output: [UInt8] = []
        func bit() -> Int {
            defer { position += 1 }
            return Int(input[position / 8] >> UInt8(position % 8)) & 1
        }
        func bits(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit() << $1 } }
        func code(_ count: Int) -> Int { (0..<count).reduce(0) { sum, _ in sum << 1 | bit() } }
        _ = bits(3)
        while true {
            var word = code(7)
            let symbol: Int
            if word < 24 {
                symbol = 256 + word
            } else {
                word = word << 1 | bit()
                switch word {
                case 0x30...0xbf: symbol = word - 0x30
                case 0xc0...0xc7: symbol = word - 0xc0 + 280
                default: symbol = (word << 1 | bit()) - 0x190 + 144
                }
            }
            if symbol == 256 { return output }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            // RFC 1951, section 3.2.5.
            let index = symbol - 257
            let extra = index < 8 || index == 28 ? 0 : index / 4 - 1
            let base = index == 28 ? 258 : index < 8 ? index + 3 : (4 + index % 4) << extra + 3
            let length = base + bits(extra)
            let place = code(5)
            let far = place < 4 ? 0 : place / 2 - 1
            let start = place < 4 ? place + 1 : (2 + place % 2) << far + 1
            let distance = start + bits(far)
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }
}
