import Evaluation
import PipelineModel

/// Texts by the order of their first appearance.
struct CodedColumn {
    private(set) var codes: [UInt32] = []
    private var texts: [String] = []
    private var known: [String: UInt32] = [:]

    mutating func add(_ text: String) {
        if let code = known[text] {
            codes.append(code)
        } else {
            let code = UInt32(texts.count)
            known[text] = code
            texts.append(text)
            codes.append(code)
        }
    }

    /// The code of a text; `nil` where no row has it.
    func code(of text: String) -> UInt32? { known[text] }

    /// The column as a grouping with its levels sorted; an empty text is not known.
    func group(_ name: String) -> ScoredTable.Group {
        let levels = texts.filter { !$0.isEmpty }.sorted()
        let places = Dictionary(
            uniqueKeysWithValues: levels.enumerated().map { ($0.element, UInt32($0.offset)) })
        let codeOfText = texts.map { places[$0] ?? ColumnValues.missingCode }
        return ScoredTable.Group(
            name: name, levels: levels, codes: codes.map { codeOfText[Int($0)] })
    }
}

/// The faults of cells, the first of them named; none says what a cell holds.
struct CellFaults {
    /// Faults beyond these are counted only.
    static let mostNamed = 20

    let file: String
    private var named: [StileError] = []
    private var count = 0

    init(file: String) { self.file = file }

    mutating func add(_ line: Int, _ column: String?, _ message: String, _ remedy: String) {
        count += 1
        guard count <= Self.mostNamed else { return }
        named.append(
            StileError(
                .input, message, at: .init(file: file, line: line, column: column),
                remedy: remedy))
    }

    func check() throws {
        guard var error = StileError.all(named) else { return }
        if count > named.count {
            error.others.append(
                StileError(
                    .input, "\(count - named.count) more cells or rows are at fault.",
                    at: .init(file: file), remedy: "Correct those named and ask again."))
        }
        throw error
    }
}
