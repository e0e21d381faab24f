import PipelineModel

/// Writes what really happened: the planted model, its rows, the people, and whom
/// each source's subject is.
enum TruthFiles {
    static func write(_ county: County, to delivery: inout Delivery) throws {
        try writeModel(to: &delivery)
        try writePeople(county, to: &delivery)
        try writeRows(county, to: &delivery)
        try delivery.putTruth(delivery.subjects.bytes, file: "subjects.csv")
    }

    /// The planted model as JSON; numbers as Swift describes them, which is the shortest
    /// text that reads back as the same number.
    private static func writeModel(to delivery: inout Delivery) throws {
        let model = PlantedModel.emergencyAdmission
        var lines = ["{"]
        lines.append("  \"name\": \"\(model.name)\",")
        lines.append("  \"horizon_days\": \(model.horizonDays),")
        lines.append("  \"youngest_age\": \(model.youngestAge),")
        lines.append("  \"intercept\": \(model.intercept),")
        lines.append("  \"coefficients\": {")
        for (index, term) in model.terms.enumerated() {
            let comma = index + 1 < model.terms.count ? "," : ""
            lines.append("    \"\(term.name)\": \(term.coefficient)\(comma)")
        }
        lines += ["  }", "}", ""]
        try delivery.putTruth(Array(lines.joined(separator: "\n").utf8), file: "planted.json")
    }

    private static func writePeople(_ county: County, to delivery: inout Delivery) throws {
        let population = county.population
        var buffer = ExtractBuffer(
            ExtractStyle(),
            header: """
                person,nhs_number,forename,surname,later_surname,renamed_on,sex,date_of_birth,\
                ethnicity,uprn,later_uprn,moved_on,gone_on,died,twin,mother
                """)
        for (index, person) in population.people.enumerated() {
            buffer.number(index)
            buffer.nhsNumber(population.nhsNumbers[index])
            buffer.name(population.names.names[Int(person.forename)])
            buffer.name(population.names.names[Int(person.surname)])
            buffer.name(population.names.names[Int(person.laterSurname)])
            day(person.renamedOn, in: &buffer)
            buffer.byte(person.male ? 77 : 70)
            buffer.day(person.born)
            buffer.byte(person.ethnicity)
            buffer.number(population.dwellings[Int(person.dwelling)].uprn)
            buffer.number(population.dwellings[Int(person.laterDwelling)].uprn)
            day(person.movedOn, in: &buffer)
            day(person.gone, in: &buffer)
            buffer.number(person.died ? 1 : 0)
            if person.twin >= 0 { buffer.number(Int(person.twin)) } else { buffer.empty() }
            if person.mother >= 0 { buffer.number(Int(person.mother)) } else { buffer.empty() }
            buffer.endRow()
        }
        try delivery.putTruth(buffer.bytes, file: "people.csv")
    }

    private static func day(_ number: Int32, in buffer: inout ExtractBuffer) {
        if number == Person.never { buffer.empty() } else { buffer.day(number) }
    }

    /// One row for each adult and as-of date; features that are not whole have nine decimals.
    private static func writeRows(_ county: County, to delivery: inout Delivery) throws {
        let rows = county.happenings.truth
        let model = PlantedModel.emergencyAdmission
        let width = model.terms.count
        var buffer = ExtractBuffer(
            ExtractStyle(),
            header: "person,as_of," + model.terms.map(\.name).joined(separator: ",") + ",outcome")
        for row in rows.person.indices {
            buffer.number(Int(rows.person[row]))
            buffer.day(rows.asOf[row])
            for column in 0..<width { buffer.decimal(rows.features[row * width + column]) }
            buffer.number(Int(rows.outcome[row]))
            buffer.endRow()
        }
        try delivery.putTruth(buffer.bytes, file: "\(model.name).csv")
    }
}

extension ExtractBuffer {
    /// A number that is not negative, whole or with up to nine decimals.
    mutating func decimal(_ value: Double) {
        let whole = Int(value)
        number(whole)
        let fraction = Int(((value - Double(whole)) * 1e9).rounded(.toNearestOrEven))
        if fraction > 0 { appendFraction(min(fraction, 999_999_999)) }
    }
}
