import PipelineModel

/// The persons of a spine by a small number each.
struct PersonIndex {
    /// In ascending order.
    let persons: [PersonPseudonym]
    private let ofSubject: [SubjectPseudonym: Int32]
    private let ofPerson: [PersonPseudonym: Int32]

    init(_ spine: Spine) {
        var all = spine.person
        all.append(contentsOf: spine.residences.map(\.person))
        all.sort()
        var unique: [PersonPseudonym] = []
        for person in all where unique.last != person { unique.append(person) }
        persons = unique
        var ofPerson: [PersonPseudonym: Int32] = [:]
        ofPerson.reserveCapacity(unique.count)
        for (number, person) in unique.enumerated() { ofPerson[person] = Int32(number) }
        var ofSubject: [SubjectPseudonym: Int32] = [:]
        ofSubject.reserveCapacity(spine.subject.count)
        for (subject, person) in zip(spine.subject, spine.person) {
            ofSubject[subject] = ofPerson[person]
        }
        self.ofPerson = ofPerson
        self.ofSubject = ofSubject
    }

    var count: Int { persons.count }

    subscript(subject: SubjectPseudonym) -> Int32? { ofSubject[subject] }

    subscript(person: PersonPseudonym) -> Int32? { ofPerson[person] }
}

/// The facts of one table, gathered by person and in the order in which they happened.
///
/// Ties of a day are broken by known-from, then record, so that the order of the
/// table never shows in a result.
struct PersonFacts {
    private let record: [RecordPseudonym]
    /// The payload that the model reads.
    private let payload: [String: ColumnValues]
    /// The facts of person `p` are `offsets[p]..<offsets[p + 1]`.
    let offsets: [Int32]
    let happened: [Day]
    let knownFrom: [Day]
    let knownTo: [Day]
    /// Facts whose subject the spine does not have.
    let strangers: Int

    /// - Parameter columns: The payload columns to keep.
    init(_ table: FactTable, columns: Set<String>, index: PersonIndex) {
        var person = [Int32](repeating: -1, count: table.count)
        var offsets = [Int32](repeating: 0, count: index.count + 1)
        var strangers = 0
        var previous: (subject: SubjectPseudonym, person: Int32?)?
        for row in 0..<table.count {
            let subject = table.subject[row]
            if previous?.subject != subject { previous = (subject, index[subject]) }
            guard let number = previous?.person else {
                strangers += 1
                continue
            }
            person[row] = number
            offsets[Int(number) + 1] += 1
        }
        for number in 0..<index.count { offsets[number + 1] += offsets[number] }
        var next = offsets
        self.strangers = strangers
        var order = [Int32](repeating: 0, count: table.count - strangers)
        for row in 0..<table.count where person[row] >= 0 {
            let number = Int(person[row])
            order[Int(next[number])] = Int32(row)
            next[number] += 1
        }
        let starts = offsets
        self.offsets = offsets
        order.withUnsafeMutableBufferPointer { order in
            for number in 0..<index.count {
                let range = Int(starts[number])..<Int(starts[number + 1])
                guard range.count > 1 else { continue }
                var slice = UnsafeMutableBufferPointer(rebasing: order[range])
                slice.sort {
                    Self.precedes(Int($0), Int($1), table)
                }
            }
        }
        record = order.map { table.record[Int($0)] }
        happened = order.map { table.happened[Int($0)] }
        knownFrom = order.map { table.knownFrom[Int($0)] }
        knownTo = order.map { table.knownTo[Int($0)] }
        var payload: [String: ColumnValues] = [:]
        for column in table.payload where columns.contains(column.name) {
            payload[column.name] = column.values.gathered(order)
        }
        self.payload = payload
    }

    private static func precedes(_ left: Int, _ right: Int, _ table: FactTable) -> Bool {
        if table.happened[left] != table.happened[right] {
            return table.happened[left] < table.happened[right]
        }
        if table.knownFrom[left] != table.knownFrom[right] {
            return table.knownFrom[left] < table.knownFrom[right]
        }
        return table.record[left] < table.record[right]
    }

    func facts(of person: Int32) -> Range<Int> {
        Int(offsets[Int(person)])..<Int(offsets[Int(person) + 1])
    }

    func record(_ fact: Int) -> RecordPseudonym { record[fact] }

    /// The values of a payload column, one for each fact.
    subscript(column: String) -> ColumnValues? { payload[column] }

    /// Whether the fact was known strictly before `asOf` and not yet closed by then.
    func isKnown(_ fact: Int, _ asOf: Day) -> Bool {
        knownFrom[fact] < asOf && knownTo[fact] >= asOf
    }

    /// Which facts pass all conditions.
    func mask(_ conditions: [Condition]) -> [Bool] {
        var mask = [Bool](repeating: true, count: happened.count)
        for condition in conditions {
            guard let values = payload[condition.column] else {
                return [Bool](repeating: false, count: happened.count)
            }
            condition.narrow(&mask, values: values)
        }
        return mask
    }
}

extension ColumnValues {
    /// The values of `rows`, in their order; empty for a kind that no payload has.
    fileprivate func gathered(_ rows: [Int32]) -> ColumnValues? {
        switch self {
        case .number(let values): .number(rows.map { values[Int($0)] })
        case .code(let words, let codes):
            .code(vocabulary: words, codes: rows.map { codes[Int($0)] })
        case .day(let days): .day(rows.map { days[Int($0)] })
        default: nil
        }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index of a sorted collection whose element is not below `bound`.
    func lowerBound(in range: Range<Int>, _ bound: Element) -> Int where Element: Comparable {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
