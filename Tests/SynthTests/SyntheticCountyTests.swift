import NameTables
import PipelineModel
import Testing

@testable import Synth

@Suite struct SyntheticCountyTests {
    /// The bytes are the same on every machine: this digest was made by the county itself, and
    /// changes only where the county is meant to change.
    @Test func sameCountyOnEveryMachine() throws {
        let county = try Written(people: 500, nights: 2)
        #expect(county.digest == "7c4ef8fcabd1bff6887bf3e3067fc2ccd1833cd408ebfd848776cb7a5e9f156d")
        #expect(try Written(people: 500, seed: 2, nights: 2).digest != county.digest)
    }

    @Test func truthLiesBesideTheNights() throws {
        let county = try Written(people: 600, nights: 3)
        let truth = county.files.filter { $0.path.hasPrefix("county/truth/") }
        #expect(
            truth.map { String($0.path.dropFirst(13)) }.sorted() == [
                "emergency_admission.csv", "people.csv", "planted.json", "subjects.csv",
            ])
        for file in county.files where !file.path.hasPrefix("county/truth/") {
            #expect(
                file.path.wholeMatch(of: /county\/nights\/2025-06-0[234]\/[a-z_]+\/[^\/]+/) != nil)
        }
    }

    /// No file has a key twice or a row without its columns; nothing is known before it is delivered.
    @Test func filesKeepTheirContracts() throws {
        let county = try Written(people: 900, nights: 4)
        for file in county.files where file.path.contains("/nights/") {
            let records = Written.records(of: file)
            let header = records[0]
            let night = String(file.path.dropFirst("county/nights/".count).prefix(10))
            let keyWidth = file.path.contains("/attendance_") ? 2 : 1
            let keyStart = header[0] == "op" ? 1 : 0
            var keys = Set<[String]>()
            var faults: [String] = []
            for record in records.dropFirst() {
                if record.count != header.count { faults.append("ragged") }
                let key = Array(record[keyStart..<keyStart + keyWidth])
                if !keys.insert(key).inserted { faults.append("a key twice") }
                guard let column = header.firstIndex(of: "recorded_on") else { continue }
                var day = record[column]
                if file.path.contains("police") {
                    day = "\(day.suffix(4))-\(day.dropFirst(3).prefix(2))-\(day.prefix(2))"
                }
                if Day(iso: day) == nil { faults.append("no day") }
                if day >= night { faults.append("recorded on its night or later") }
            }
            #expect(faults == [], "\(file.path)")
        }
    }

    @Test func everySubjectIsSomebody() throws {
        let county = try Written(people: 800, nights: 2)
        let known = Set(
            county.records("truth/subjects.csv").dropFirst().map { $0[0] + "/" + $0[1] })
        #expect(known.count == county.records("truth/subjects.csv").count - 1)
        for file in county.files where file.path.contains("/nights/") {
            let source = String(file.path.split(separator: "/")[3])
            let records = Written.records(of: file)
            let names = [
                "patient_id", "local_patient_id", "upn", "child_id", "client_id", "nominal_id",
                "register_id",
            ]
            guard let column = records[0].firstIndex(where: names.contains) else { continue }
            let strangers = records.dropFirst().count { !known.contains(source + "/" + $0[column]) }
            #expect(strangers == 0, "\(file.path)")
        }
    }

    @Test func laterNightsCorrectAndDelete() throws {
        let county = try Written(people: 2500, nights: 2)
        let first = Set(
            county.records("2025-06-02/hospital/admissions_2025-06-02.csv").map { $0[0] })
        let second = county.records("2025-06-03/hospital/admissions_2025-06-03.csv").dropFirst()
        #expect(second.contains { first.contains($0[0]) })
        let operations = county.records("2025-06-03/childrens_social_care/episodes_2025-06-03.csv")
            .dropFirst().map { $0[0] }
        #expect(operations.contains("U") && operations.contains("D"))
        let before = Set(county.records("gp/patients_2025-06-02.csv.gz").map { $0[0] })
        let after = Set(county.records("gp/patients_2025-06-03.csv.gz").map { $0[0] })
        #expect(!before.subtracting(after).isEmpty)
    }

    @Test func twinsShareAllButForenameAndNumbers() {
        let population = PopulationBuilder.build(people: 8000, seed: 3, reference: Day(20_000))
        let twins = population.people.filter { $0.twin >= 0 }
        #expect(twins.count >= 10)
        for person in twins {
            let other = population.people[Int(person.twin)]
            #expect(person.born == other.born)
            #expect(person.surname == other.surname)
            #expect(person.dwelling == other.dwelling)
        }
        #expect(Set(population.nhsNumbers).count == 8000)
        #expect(Set(population.dwellings.map(\.uprn)).count == population.dwellings.count)
    }

    /// The shares of the published names are met within four standard errors.
    @Test func surnamesHaveTheirPublishedShares() {
        let pool = NamePool()
        var random = SeededGenerator(seed: 1, label: "shares")
        let draws = 60_000
        var counts = [Int](repeating: 0, count: pool.names.count)
        for _ in 0..<draws { counts[Int(pool.surname(.british, &random))] += 1 }
        for (name, share) in SurnameTables.published {
            let bytes = Array(name.utf8)
            let count = zip(pool.names, counts).reduce(0) { $0 + ($1.0 == bytes ? $1.1 : 0) }
            let expected = Double(share) / 10_000 * Double(draws)
            #expect(abs(Double(count) - expected) < 4 * expected.squareRoot(), "\(name)")
        }
    }

    @Test func ofManyPeopleSomeHaveNoNHSNumberAndSomeSlipped() throws {
        let county = try Written(people: 3000, nights: 1)
        let clients = county.records("clients_2025-06-02.csv").dropFirst()
        let without = clients.filter { $0[1].isEmpty }.count
        #expect(without > clients.count / 6 && without < clients.count / 2)
    }

    @Test(arguments: [(0, 1), (900_001, 1), (10, 0)])
    func numbersOutOfRangeAreRefused(people: Int, nights: Int) {
        let error = #expect(throws: StileError.self) { try Written(people: people, nights: nights) }
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix("A synthetic county cannot have") == true)
    }

    @Test func oneHundredNightsCrossAQuarter() throws {
        let county = try Written(people: 60, nights: 100)
        #expect(county.files.contains { $0.path.contains("nights/2025-09-09/") })
    }
}
