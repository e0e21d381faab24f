import PipelineModel
import TestSupport
import Testing

@testable import Tabular

@Suite("Columns by name")
struct NamedColumnsTests {
    private let folder = TemporaryFolder("columns")

    private func rows(
        _ text: String, others: NamedColumns.Others = .passedOver
    ) throws -> [String] {
        try folder.write(text, to: "t.csv")
        let columns = try NamedColumns(path: "\(folder.path)/t.csv", ["b", "a"], others: others)
        var found: [String] = []
        try columns.forEachRow { texts, line in
            found.append("\(line): \(texts.joined(separator: "|"))")
        }
        return found
    }

    @Test("Columns are found by name, in any order, and blanks around texts are gone")
    func found() throws {
        #expect(
            try rows("a,x,b\n1,no, 2 \r\n\n\"3,4\",,5") == ["2: 2|1", "4: 5|3,4"])
        #expect(try rows("b,a\n1,2\n", others: .refused) == ["2: 1|2"])
    }

    @Test(
        "What cannot be read is said with its line and without what stands there",
        arguments: [
            ("", "empty"), ("a,b\n", "no row below"), ("secret,b\n1,2\n", "does not name"),
            ("a,b,a\n1,2,3\n", "have one name"), ("a,b\nsecret\n", ":2: The row does not have"),
            ("a,b\n1,2\nsecret,  \n", ":3:b: The row has nothing"),
            ("a,b\n1,secret\"\n2,\"secret\"x\n", ":3: The row does not have"),
        ])
    func refused(text: String, says: String) throws {
        #expect {
            try rows(text)
        } throws: { error in
            (error as? StileError)?.code == .input && "\(error)".contains(says)
                && !"\(error)".contains("secret")
        }
    }

    @Test("Other columns are refused where nothing else may come along")
    func others() throws {
        #expect {
            try rows("a,b,forename\n1,2,3\n", others: .refused)
        } throws: { error in
            "\(error)".contains(":1: The file has other columns") && "\(error)".contains("“b,a”")
                && !"\(error)".contains("forename")
        }
    }
}
