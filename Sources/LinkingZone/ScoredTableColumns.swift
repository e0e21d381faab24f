import PipelineModel

/// Which columns of a table of scores say whom a row is about, whom they live with, and what
/// another model thinks of them.
public struct ScoredTableColumns: Sendable {
    static let person = "about"

    /// What tells people apart; `nil` for `about`, where there is one.
    public var person: String?
    /// Who lives together; `nil` for nobody: a column “household” may hold how many they are.
    public var household: String?
    /// The score of another model; `nil` for none.
    public var secondScore: String?

    public init(person: String? = nil, household: String? = nil, secondScore: String? = nil) {
        self.person = person
        self.household = household
        self.secondScore = secondScore
    }

    /// The places of the columns in a header.
    struct Fields {
        var person: Int?
        var household: Int?
        var secondScore: Int?
    }

    /// Where the columns stand.
    ///
    /// - Throws: `StileError` where a column that was asked for is not there, or is another one
    ///   too.
    func fields(_ header: [String], _ path: String) throws -> Fields {
        let place = StileError.Place(file: path, line: 1)
        var faults: [StileError] = []
        var taken: [String: String] = [:]
        func field(_ asked: String?, _ usual: String?, _ what: String) -> Int? {
            guard let name = asked ?? usual, asked != nil || taken[name] == nil else { return nil }
            guard let field = header.firstIndex(of: name) else {
                if asked != nil {
                    faults.append(
                        StileError(
                            .input, "The table has no column “\(name)” for \(what).", at: place,
                            remedy: "Write the column's name as its first line has it."))
                }
                return nil
            }
            if let other = taken[name] ?? ScoredTableFile.meaning(of: name) {
                faults.append(
                    StileError(
                        .input, "The column “\(name)” cannot be \(what): it is \(other).",
                        at: place, remedy: "Name another column."))
            }
            taken[name] = what
            return field
        }
        let found = Fields(
            person: field(person, Self.person, "the person"),
            household: field(household, nil, "the household"),
            secondScore: field(secondScore, nil, "the second score"))
        if let error = StileError.all(faults) { throw error }
        return found
    }
}

/// Of a table's rows, what each is kept together with.
struct RowsTogether {
    private var people: [UInt32]
    private var households: [UInt32]
    /// The code of an empty cell of the household; `nil` where there is none.
    private var without: UInt32?

    /// - Parameters:
    ///   - people: A number for each row's person; empty where the table does not say.
    ///   - households: A number for each row's household.
    ///   - without: The number that says that a row has none.
    init(people: [UInt32], households: [UInt32], without: UInt32?) {
        self.people = people
        self.households = households
        self.without = without
    }

    /// The household of the first row of each row's person, else the person, else the row.
    ///
    /// Of the first row, so that each person is in one cluster with all their rows; the
    /// household's code counts with those of the others, whoever lives there.
    var clusters: [UnitPseudonym] {
        var ofPerson: [UInt32: UnitPseudonym] = [:]
        return households.indices.map { row in
            let person = people.isEmpty ? UInt32(row) : people[row]
            if let known = ofPerson[person] { return known }
            let household = households[row]
            let cluster =
                household == without
                ? UnitPseudonym(high: 0, low: UInt64(person) + 1)
                : UnitPseudonym(high: 1, low: UInt64(household) + 1)
            ofPerson[person] = cluster
            return cluster
        }
    }
}
