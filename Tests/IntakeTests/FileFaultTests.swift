import Intake
import PipelineModel
import Tabular
import TestSupport
import Testing

/// What stops a source: each with the sentence that the data team reads.
@Suite struct FileFaultTests {
    let good = "1,canary,Lee,1980-05-17,F,3,2020-01-02\n"

    @Test func aMissingFile() throws {
        let extract = try patients()
        let error = fault {
            _ = try ExtractCheck(contract: extract, clock: .calendar, digest: testDigest).check(
                Delivery(extract: "gp.patients", file: "patients.csv", day: someDay),
                path: TemporaryFolder().path + "/patients.csv", heldRows: 0)
        }
        #expect(
            error?.description
                == "gp/patients.csv: The file is missing. Ask the source for it, put it into the drop folder and run again."
        )
    }

    @Test func aFileOnDiskIsRead() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(patientsHeader + good, to: "patients.csv")
        let checked = try ExtractCheck(
            contract: try patients(), clock: .calendar, digest: testDigest
        ).check(
            Delivery(extract: "gp.patients", file: "patients.csv", day: someDay), path: path,
            heldRows: 0)
        #expect(checked.rowCount == 1)
    }

    @Test func anEmptyFile() throws {
        let extract = try patients()
        let error = fault { _ = try check("", extract) }
        #expect(error?.message == "The file is empty: it has not even a header.")
        #expect(error?.code == .input)
    }

    @Test func aHeaderOnly() throws {
        let checked = try check(patientsHeader, try patients())
        #expect(checked.fault?.message == "The file has a header and no rows.")
        let empty = try patients([("minimum_rows: 1", "minimum_rows: 0")])
        #expect(try check(patientsHeader, empty).fault == nil)
    }

    @Test func missingColumnsAllAtOnce() throws {
        let extract = try patients()
        let error = fault { _ = try check("patient_id,canary\n1,2\n", extract) }
        #expect(
            error?.message
                == "The file has the wrong shape: it has no column “registered_on”, “date_of_birth”, “forename”, “surname”, “imd_decile”, “sex”."
        )
        #expect(error?.description.contains("canary") == false)
    }

    @Test func tooManyRefusedRows() throws {
        let rows = (1...98).map { "\($0)" + good.dropFirst() }.joined()
        let two = patientsHeader + rows + "canary\ncanary\n"
        #expect(try check(two, try patients()).fault == nil)
        let checked = try check(two + "canary\n", try patients())
        #expect(
            checked.fault?.message
                == "3 of 101 rows break the contract, above the limit of 0.02 of them.")
        #expect(checked.quarantine.map(\.line) == [100, 101, 102])
        #expect(throws: StileError.self) {
            _ = try nothingHeld(checked.contract).delta(of: checked)
        }
        #expect(checked.fault?.description.contains("canary") == false)
    }

    @Test func tooFewRows() throws {
        let extract = try patients([("minimum_rows: 1", "minimum_rows: 2")])
        #expect(
            try check(patientsHeader + good, extract).fault?.message
                == "The file has 1 rows, and at least 2 are agreed.")
    }

    @Test func aSuddenChangeInVolume() throws {
        let extract = try patients()
        let rows = patientsHeader + (1...10).map { "\($0)" + good.dropFirst() }.joined()
        #expect(try check(rows, extract, held: 20).fault == nil)
        #expect(
            try check(rows, extract, held: 21).fault?.message
                == "The file has 10 rows and 21 are held: a larger change than 0.5 of them.")
        #expect(try check(rows, extract, held: 6).fault != nil)
        #expect(try check(rows, extract, held: 0).fault == nil)
    }

    @Test func aNulByte() throws {
        let extract = try patients()
        let error = fault { _ = try check(patientsHeader + good + "canary\0,\n", extract) }
        #expect(
            error?.description
                == "gp/patients.csv:3: The file has a NUL byte on line 3. Ask the source for a text file, written anew."
        )
    }

    @Test func aTruncatedGzipFile() throws {
        let extract = try patients()
        // printf '%s\n' "$header" 1,a,b,,F,3,2020-01-02 | gzip -n9 | head -c 90 | xxd -p
        let bytes = try #require(
            Hex.decode(
                "1f8b08000000000002031dc5410a84300c05d0bd67f942ad77f01aa14ebe1a98b6439a018f2ff836ef57c2d8424c7174672b"
                    + "95187f7fd712947ec86e1e17066f5855517eec4b384f1b41a74a6fd382821dd8b022a79ce6b4cc29"
            ))
        #expect(
            fault { _ = try check(bytes, extract) }?.message
                == "The gzip file was cut short: it ends before its last block.")
    }

    @Test func aLineWithoutEnd() throws {
        var extract = try patients()
        extract.dialect.rowLimit = 1000
        let text = patientsHeader + String(repeating: "canary", count: 1000)
        let error = fault { _ = try check(text, extract) }
        #expect(error?.message == "Line 2 is longer than 1000 bytes.")
        #expect(error?.description.contains("canary") == false)
    }
}
