import Attestation
import Hashing
import PipelineModel
import Testing

@Suite struct StrictJSONTests {
    @Test(arguments: [
        (#"{"decision":"reject","decision":"approve"}"#, "stands twice"),
        (#"{"a":1,}"#, "a key is expected"), (#"[1,]"#, "a value is expected"),
        (#"{"a":1}{"a":2}"#, "follows the end"), ("// x\n1", "a value is expected"),
        ("\u{feff}1", "a value is expected"), (#""\ud800""#, "surrogate"),
        (#""\udc00""#, "lone surrogate"), (#""\u0000""#, "NUL"), ("\"\u{01}\"", "control"),
        ("-0", "zero has a sign"), ("01", "begins with zero"), ("1.0", "not whole"),
        ("1e400", "not whole"), ("9223372036854775808", "too large"), ("", "ends too early"),
        (#"{"é":1}"#, "not plain ASCII"), ("NaN", "a value is expected"), ("tru", "expected"),
        (String(repeating: "[", count: 40) + String(repeating: "]", count: 40), "too deeply"),
        (#""abc"#, "ends too early"), (#""\x""#, "escape"), ("{\"a\" 1}", "colon"),
    ])
    func refuses(text: String, problem: String) {
        let error = #expect(throws: StileError.self) {
            try StrictJSON.read(Array(text.utf8), file: "x.json")
        }
        #expect(error?.code == .integrity)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func refusesWhatIsNotUTF8AndWhatIsTooLarge() {
        #expect(throws: StileError.self) { try StrictJSON.read([0x22, 0xff, 0x22], file: "x") }
        #expect(throws: StileError.self) { try StrictJSON.read([0x31, 0x31], file: "x", limit: 1) }
    }

    @Test func readsWhatItWrites() throws {
        let value = JSONValue.object([
            "b": .array([.integer(-5), .null, .boolean(true)]),
            "a": .string("quote \" slash \\ newline \n é 😀"), "c": .object([]),
        ])
        let bytes = CanonicalJSON.bytes(value)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"a":"quote \" slash \\ newline \u000a é 😀","b":[-5,null,true],"c":{}}"#)
        #expect(CanonicalJSON.bytes(try StrictJSON.read(bytes, file: "x")) == bytes)
        #expect(try StrictJSON.read(Array(#""😀""#.utf8), file: "x") == .string("😀"))
        #expect(
            try StrictJSON.read(Array("1.50e-3".utf8), file: "x", decimals: true)
                == .decimal("1.50e-3"))
    }

    @Test func refusesUnknownKeys() throws {
        var fields = try JSONFields(
            .object(["a": .integer(1), "z": .null]), what: "thing", file: "x")
        #expect(try fields.integer("a") == 1)
        let error = #expect(throws: StileError.self) { try fields.finish() }
        #expect(error?.message == "The thing cannot be used: it has the unknown key “z”.")
    }

    @Test(arguments: ["AA=", "AB==", "AA==\n", "AA===", "-_8=", "A"])
    func refusesBase64InAnotherForm(text: String) {
        #expect(CanonicalBase64.decode(text) == nil)
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:00:60Z",
        "2026-03-01T00:00:00+00:00", "2026-03-01t00:00:00z", "2026-03-01T00:00:00.0Z",
        "2026-03-01 00:00:00Z", "",
    ])
    func refusesTimes(text: String) { #expect(Timestamp(text) == nil) }

    @Test(arguments: [0, 1_768_379_525, 951_782_400, -1, -86_401, 4_102_444_799] as [Int64])
    func timesRoundTrip(seconds: Int64) {
        let time = Timestamp(seconds: seconds)
        #expect(Timestamp(time.description) == time)
        #expect(time.day.iso == String(time.description.prefix(10)))
    }

    // date -u -d @1768379525 +%FT%TZ
    @Test func timeIsThatOfDate() {
        #expect(Timestamp(seconds: 1_768_379_525).description == "2026-01-14T08:32:05Z")
    }

    @Test(arguments: ["", "P-1", "ig releaser", "іg_releaser", "-a", "a.", "café", "a\u{200b}b"])
    func refusesIdentifiers(text: String) { #expect(!Identifier.isValid(text)) }
}
