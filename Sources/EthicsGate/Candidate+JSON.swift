import Attestation
import PipelineModel

extension Candidate.Subject {
    var unit: UnitKind {
        switch self {
        case .person: .person
        case .member: .household
        case .setting: .setting
        }
    }

    fileprivate var json: [JSONValue.Member] {
        switch self {
        case .person(let person): return [.init("person", .string(person.hex))]
        case .member(let person, let home):
            return [
                .init("person", .string(person.hex)),
                .init(
                    "household",
                    .object([
                        "pseudonym": .string(home.pseudonym.hex),
                        "subjects": .array(home.subjects.map { .string($0.hex) }),
                    ])),
            ]
        case .setting(let place):
            return [
                .init(
                    "setting",
                    .object([
                        "unit": .string(place.unit.hex), "code": .string(place.code),
                    ]))
            ]
        }
    }

    fileprivate init(_ fields: inout JSONFields) throws {
        func pseudonym<Kind>(_ text: String) throws -> Pseudonym<Kind> {
            guard let pseudonym = Pseudonym<Kind>(hex: text) else {
                throw fields.fault("a pseudonym cannot be read")
            }
            return pseudonym
        }
        if fields.has("setting") {
            var place = try fields.object("setting")
            let (unit, code) = (try place.string("unit"), try place.string("code"))
            try place.finish()
            self = .setting(.init(unit: try pseudonym(unit), code: code))
            return
        }
        let person = try fields.string("person")
        guard fields.has("household") else {
            self = .person(try pseudonym(person))
            return
        }
        var home = try fields.object("household")
        let (household, subjects) = (
            try home.string("pseudonym"), try home.strings("subjects")
        )
        try home.finish()
        self = .member(
            try pseudonym(person),
            of: .init(pseudonym: try pseudonym(household), subjects: try subjects.map(pseudonym)))
    }
}

extension Candidate {
    var json: JSONValue {
        let row: KeyValuePairs<String, JSONValue> = [
            "rank": .integer(Int64(rank)),
            "linear_predictor": .string(linearPredictor), "probability": .string(probability),
            "reasons": .array(
                reasons.map {
                    .object([
                        "feature": .string($0.feature), "words": .string($0.words),
                        "contribution": .string($0.contribution),
                        "source": .string($0.source), "newest_fact": .string($0.newestFact),
                        "third_party": .boolean($0.thirdParty),
                    ])
                }),
            "records": .array(
                records.map {
                    .object([
                        "batch": .string($0.batch), "record": .string($0.record.hex),
                        "subject": .string($0.subject.hex),
                    ])
                }),
        ]
        return .object(subject.json + row.map { JSONValue.Member($0.key, $0.value) })
    }

    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "row of the list", file: file)
        self.init(
            subject: try Subject(&fields), rank: try fields.integer("rank"),
            linearPredictor: try fields.string("linear_predictor"),
            probability: try fields.string("probability"),
            reasons: try fields.array("reasons").map { try Reason($0, file: file) },
            records: try fields.array("records").map { try SealedRecord($0, file: file) })
        try fields.finish()
    }
}

extension Candidate.Reason {
    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "reason", file: file)
        self.init(
            feature: try fields.string("feature"), words: try fields.string("words"),
            contribution: try fields.string("contribution"),
            source: try fields.string("source"), newestFact: try fields.string("newest_fact"),
            thirdParty: try fields.boolean("third_party"))
        try fields.finish()
    }
}

extension Candidate.SealedRecord {
    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "sealed record", file: file)
        guard let record = RecordPseudonym(hex: try fields.string("record")),
            let subject = SubjectPseudonym(hex: try fields.string("subject"))
        else { throw fields.fault("a pseudonym cannot be read") }
        self.init(batch: try fields.string("batch"), record: record, subject: subject)
        try fields.finish()
    }
}
