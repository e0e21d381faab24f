import Foundation
import Intake
import PipelineModel
import Pseudonymise
import Storage

/// Every version of some subjects' identities that the archived extracts still tell.
///
/// It holds names: it is for showing to clerks, and neither prints nor is written.
struct IdentityHistory: CustomStringConvertible, CustomReflectable {
    /// A value and the days from and until which it was held.
    struct Value: Equatable {
        var text: String
        var from: Day
        /// `nil` while it stands.
        var until: Day?
        /// The records that say it now.
        var holders = 1
    }

    /// What a subject's records said, by field, the oldest first.
    typealias Fields = [String: [Value]]

    private(set) var subjects: [SubjectPseudonym: Fields] = [:]
    /// Sources of which an archived extract is gone, so that a subject may not be found.
    private(set) var incomplete: Set<String> = []

    /// Reads the archive of the sources of `wanted`.
    init(
        of wanted: [String: Set<SubjectPseudonym>], _ setting: SourceSetting,
        _ database: ZoneDatabase
    ) throws {
        let hasher = try setting.keyring.pseudonymHasher()
        for source in setting.contract.sources {
            guard let subjects = wanted[source.name] else { continue }
            for extract in source.extracts where !extract.identity.isEmpty {
                try read(extract, of: source.name, subjects, hasher.closure, setting, database)
            }
        }
        for subject in subjects.keys {
            for field in subjects[subject, default: [:]].keys {
                subjects[subject]?[field]?.sort { ($0.from, $0.text) < ($1.from, $1.text) }
            }
        }
    }

    private mutating func read(
        _ extract: ExtractContract, of source: String, _ wanted: Set<SubjectPseudonym>,
        _ digest: @escaping KeyedDigest, _ setting: SourceSetting, _ database: ZoneDatabase
    ) throws {
        let checker = ExtractCheck(
            contract: extract, clock: setting.contract.clock, digest: digest)
        var held = HeldRows(name: extract.name, keyEpoch: setting.keyring.pseudonyms.count)
        // The values that the open records of wanted subjects hold.
        var open: [RecordPseudonym: [String: String]] = [:]
        for delivery in try database.deliveries(
            source: source, extract: extract.name, state: .accepted)
        where !delivery.file.hasPrefix(SourceNight.rekeyPrefix) {
            let path = setting.archivePath(source, delivery.batch ?? "", delivery.file)
            guard FileManager.default.fileExists(atPath: path) else {
                incomplete.insert(source)
                continue
            }
            let (delta, next) = try held.delta(
                of: checker.check(
                    Intake.Delivery(
                        extract: extract.name, file: delivery.file, day: delivery.day),
                    path: path, heldRows: held.openCount))
            held = next
            for row in 0..<delta.count where wanted.contains(delta.subject[row]) {
                let (record, subject) = (delta.record[row], delta.subject[row])
                switch delta.operation[row] {
                case .close:
                    close(open.removeValue(forKey: record) ?? [:], of: subject, delta.known[row])
                case .open:
                    var values: [String: String] = [:]
                    for column in delta.identity { values[column.name] = column.values[row] }
                    open[record] = values
                    add(values, of: subject, delta.known[row])
                }
            }
        }
    }

    private mutating func add(
        _ values: [String: String], of subject: SubjectPseudonym, _ day: Day
    ) {
        var fields = subjects[subject] ?? [:]
        for (field, text) in values {
            var known = fields[field] ?? []
            if let index = known.firstIndex(where: { $0.text == text }) {
                known[index].from = min(known[index].from, day)
                known[index].until = nil
                known[index].holders += 1
            } else {
                known.append(Value(text: text, from: day))
            }
            fields[field] = known
        }
        subjects[subject] = fields
    }

    /// A value stands for as long as any record says it.
    private mutating func close(
        _ values: [String: String], of subject: SubjectPseudonym, _ day: Day
    ) {
        for (field, text) in values {
            guard let index = subjects[subject]?[field]?.firstIndex(where: { $0.text == text })
            else { continue }
            subjects[subject]?[field]?[index].holders -= 1
            if subjects[subject]?[field]?[index].holders == 0 {
                subjects[subject]?[field]?[index].until = day
            }
        }
    }

    var description: String { "identity history of \(subjects.count) subjects" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
