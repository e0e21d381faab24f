import PipelineModel
import Tabular
import Testing

@Suite struct GzipTests {
    // printf 'a,b\n1,2\n' | gzip -n9 | xxd -p
    static let first = bytes(hex: "1f8b08000000000002034bd449e232d431e202007b07970a08000000")
    // printf '3,4\n' | gzip -n9 | xxd -p
    static let second = bytes(hex: "1f8b080000000000020333d631e102003e2d72a904000000")

    @Test func aGzipFileIsUnpacked() throws {
        let result = try readAll(MemorySource(Self.first), file: "x.csv.gz")
        #expect(result.rows.map(\.fields) == [["1", "2"]])
    }

    @Test(arguments: [1, 7, 4096])
    func concatenatedMembersFollowOneAnother(size: Int) throws {
        let padded = Self.first + Self.second + [UInt8](repeating: 0, count: 100)
        let result = try readAll(DribblingSource(padded, sizes: [size]), file: "x.csv.gz")
        #expect(result.rows.map(\.fields) == [["1", "2"], ["3", "4"]])
    }

    @Test func everyTruncationIsDetected() {
        for length in 2..<Self.first.count {
            let error = fault { _ = try readAll(MemorySource(Array(Self.first[..<length]))) }
            #expect(
                error?.message == "The gzip file was cut short: it ends before its last block.",
                "at \(length) bytes")
        }
    }

    @Test func damageIsDetected() {
        var damaged = Self.first
        damaged[damaged.count - 6] ^= 1
        #expect(
            fault { _ = try readAll(MemorySource(damaged)) }?.message
                == "The gzip file is damaged.")
    }

    @Test func aPlainFileCalledGzIsRefused() {
        let error = fault { _ = try readAll(MemorySource(Array("a,b\n".utf8)), file: "x.csv.gz") }
        #expect(error?.message == "The file is called .gz and is not a gzip file.")
    }
}
