import ColumnFiles
import EncodedExtract
import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// What cannot be linked is said in one sentence, and leaves everybody as they were; what links
/// nobody, though it could, is said too.
@Suite struct BadLinkageTests {
    /// What the linking zone holds of who is who.
    private func linked(_ hamlet: Deployment) throws -> [String] {
        try hamlet.held(.linking).filter {
            $0.hasPrefix("held link.") || $0.hasPrefix("held spine")
                || $0.hasPrefix("held residences") || $0.hasPrefix("list")
        }
    }

    /// Nothing of a person stands in what was said.
    private func tellsNobody(_ texts: [String]) {
        for text in texts {
            for part in Hamlet.canaries + ["Repeated", "1950-01-01"] {
                #expect(!text.contains(part))
            }
        }
    }

    // MARK: Refused

    /// Writes a batch that has been handed over anew, with other encodings, as a source zone
    /// that is not ours might.
    private func forge(
        _ hamlet: Deployment,
        _ change: (inout Encodings, inout Payload, inout BatchManifest) -> Void
    ) throws {
        let folder = "\(hamlet.path)/exchange/hospital/hospital.admissions.000002"
        let path = "\(folder)/\(BatchManifest.fileName)"
        var manifest = try BatchManifest.read(
            Array(Data(contentsOf: URL(fileURLWithPath: path))), file: path)
        let batch = try ExchangeFolder("\(hamlet.path)/exchange").batch(named: manifest.batch)
        var encodings = try Encodings(batch.table(manifest.encodings), file: folder)
        var payload = try Payload(batch.table(manifest.payload), file: folder)
        #expect(encodings.count > 0)
        change(&encodings, &payload, &manifest)
        let store = try ColumnStore(directory: folder)
        manifest.encodings = try store.write(encodings.table).hex
        manifest.payload = try store.write(payload.table).hex
        try hamlet.folder.write(
            manifest.bytes(),
            to: "d/exchange/hospital/hospital.admissions.000002/\(BatchManifest.fileName)")
    }

    private func refused(
        saying text: String,
        _ change: (inout Encodings, inout Payload, inout BatchManifest) -> Void
    ) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try forge(hamlet, change)
        let before = try linked(hamlet)
        let finished = try hamlet.runLinking(Hamlet.secondDay)
        #expect(finished.status == 5)
        #expect(finished.err.contains(text), "\(finished.err)")
        #expect(try linked(hamlet) == before)
        tellsNobody([finished.err, finished.out])
    }

    @Test func encodingsOfTwoKeyEpochs() throws {
        try refused(saying: "The change of keys lacks the sources “gp”, “opt_outs”.") {
            $0.keyEpoch = 2
            $1.keyEpoch = 2
            $2.keyEpoch = 2
        }
    }

    @Test func aFilterOfTheWrongLength() throws {
        try refused(
            saying:
                "The field “surname” of the source “hospital” is encoded in another way than in other sources."
        ) { encodings, _, _ in
            for index in encodings.fields.indices where encodings.fields[index].name == "surname" {
                let rows = encodings.count
                encodings.fields[index].values = .filter(
                    bits: 256, words: WordColumn([UInt64](repeating: 1, count: rows * 4)))
            }
        }
    }

    @Test func aSourceWithoutABlockingKey() throws {
        let hamlet = try Deployment.hamlet()
        let source = Hamlet.source
        let identity =
            "identity: {given_name: forename, surname: surname, date_of_birth: date_of_birth, sex: sex, postcode: postcode, nhs_number: nhs_number}"
        let hospital = try #require(source.range(of: "admissions_{date}.csv"))
        let place = try #require(
            source.range(of: identity, range: hospital.upperBound..<source.endIndex))
        try hamlet.folder.write(
            source.replacingCharacters(in: place, with: "identity: {sex: sex}"),
            to: "d/source/stile.yaml")
        try hamlet.drop(Hamlet.firstDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.firstDay))
        let finished = try hamlet.runLinking(Hamlet.firstDay)
        #expect(finished.status == 2)
        #expect(
            finished.err.contains(
                "The source “hospital” has no blocking field, so none of its records could ever be linked. Give it the identity fields of a blocking key in the source zone, or a trusted key."
            ), "\(finished.err)")
        #expect(try linked(hamlet) == [])
    }

    @Test func anInterruptedDelta() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        let before = try linked(hamlet)
        let running = try SteppedCommand(
            hamlet.linkingArguments(Hamlet.asOf(Hamlet.secondDay)) + ["--verbose"])
        #expect(try running.advance(to: " link: begins."))
        #expect(running.killed())
        #expect(try linked(hamlet) == before)
        let finished = try hamlet.runLinking(Hamlet.secondDay)
        #expect(finished.status == 0)
        #expect(
            finished.err.contains("had ended without a word; its work is taken up."),
            "\(finished.err)")
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    // MARK: Noted

    @Test func aValueThatMoreThanATenthOfAllRecordsShare() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.drop(Hamlet.firstDay)
        let shared = (0..<1_200).map {
            "R\($0),\(Self.word($0)),Repeated,1950-01-01,F,,,2020-01-01,3\n"
        }
        try hamlet.drop(
            Hamlet.patients(Hamlet.firstDay) + shared.joined(), as: "gp/patients_2026-03-02.csv")
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.firstDay))
        let finished = try hamlet.runLinking(Hamlet.firstDay)
        #expect(finished.status == 0, "\(finished.err)")
        #expect(
            finished.out.contains(
                "key block.surname_birth: one value is shared by 1200 records, so that it brings none of them together; where a value stands for none, name it under “missing” in the source zone"
            ), "\(finished.out)")
        #expect(!finished.out.contains("key sex") && !finished.out.contains("key date_of_birth"))
        tellsNobody([finished.out, finished.err])
    }

    /// Another word for each number.
    private static func word(_ number: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return "M\(letters[number / 676])\(letters[number / 26 % 26])\(letters[number % 26])"
    }

    @Test func aFieldWithoutAnyValue() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.drop(Hamlet.firstDay)
        let patients = (0..<Hamlet.people).reduce(Hamlet.patients(Hamlet.firstDay)) {
            $0.replacing(Hamlet.nhsNumber($1), with: "")
        }
        try hamlet.drop(patients, as: "gp/patients_2026-03-02.csv")
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.firstDay))
        let finished = try hamlet.runLinking(Hamlet.firstDay)
        #expect(finished.status == 0, "\(finished.err)")
        #expect(
            finished.out.contains(
                "source gp: none of its 40 identities has a value of nhs_number, so that it says nothing for or against a link; see whether its column is the right one"
            ), "\(finished.out)")
        #expect(!finished.out.contains("source hospital: none"))
        // An undisturbed night has nothing to say.
        let other = try Deployment.hamlet()
        try other.drop(Hamlet.firstDay)
        try Deployment.expectSuccess(other.runSource(Hamlet.firstDay))
        let quiet = try other.runLinking(Hamlet.firstDay)
        #expect(!quiet.out.contains("  source ") && !quiet.out.contains("  key "), "\(quiet.out)")
    }

    @Test func oneRecordTenThousandTimes() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.drop(Hamlet.firstDay)
        let row = Hamlet.patientRows(Hamlet.firstDay)[0] + "\n"
        try hamlet.drop(
            Hamlet.patients(Hamlet.firstDay) + String(repeating: row, count: 10_000),
            as: "gp/patients_2026-03-02.csv")
        let finished = try hamlet.runSource(Hamlet.firstDay)
        #expect(finished.status == 0, "\(finished.err)")
        #expect(
            finished.out.contains(
                "gp.patients: 10000 of 10040 rows repeat another row of the file and count once; ask the source why"
            ), "\(finished.out)")
        tellsNobody([finished.out, finished.err])
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.firstDay))
        let plain = try Deployment.hamletAfterOneNight()
        #expect(try hamlet.newestPeople() == plain.newestPeople())
    }
}
