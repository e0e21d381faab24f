import Attestation
import ClericalReview
import ColumnFiles
import PipelineModel
import StrictYAML

/// A source zone that answers clerical reviews: it may see both names of a pair whose sources are
/// its own.
public struct ReviewZone: Sendable, Equatable {
    /// Its name in requests; empty where the deployment has one source zone.
    public var name: String
    /// The file with its public review key.
    public var key: String
    /// The folder through which its requests go and its answers come.
    public var folder: String
    /// The sources that it holds; `nil` for all.
    public var sources: Set<String>?

    /// The id of the part of a draw that this zone is asked about.
    func request(of draw: String) -> String { name.isEmpty ? draw : "\(draw).\(name)" }

    /// Whether it holds the records of a source.
    func holds(_ source: String) -> Bool { sources?.contains(source) ?? true }

    /// The public review key of the zone.
    func publicKey() throws -> PublicReviewKey {
        guard let bytes = try PlainFile.bytes(at: key) else {
            throw StileError(
                .configuration, "The public review key of the source zone is not there.",
                at: .init(file: key),
                remedy:
                    "Make one in the source zone (stile keys review) and put its review.pub there.")
        }
        return try PublicReviewKey.read(bytes, file: key)
    }

    /// Reads `review_zones:`; none are there where one source zone holds everything.
    ///
    /// - Parameters:
    ///   - items: The entries of the list.
    ///   - folder: The folder of requests for zones that name no other.
    ///   - resolve: Makes a path absolute.
    ///   - faults: Receives what is wrong.
    static func zones(
        _ items: [YAMLNode], folder: String, resolve: (String) -> String,
        faults: inout FaultList
    ) -> [ReviewZone] {
        var zones: [ReviewZone] = []
        var held: [String: String] = [:]
        for item in items {
            var reader = MappingReader(item, what: "review zone", faults: &faults)
            let name = reader.string("name", &faults)
            let key = resolve(reader.string("key", &faults))
            let reviews = reader.optionalString("reviews", &faults).map(resolve)
            let sources = reader.strings("sources", &faults)
            reader.finish(&faults)
            if !Identifier.isValid(name) || zones.contains(where: { $0.name == name }) {
                faults.add(
                    "A review zone has no name of its own.", at: item.place,
                    remedy: "Give each zone another name of a–z, 0–9, “.”, “_” and “-”.")
            }
            if Identifier.isValid(name), !Identifier.isValid("review-000000000000.\(name)") {
                faults.add(
                    "The name of a review zone is too long for a part of its requests' names.",
                    at: item.place, remedy: "Give it a name of at most 44 characters.")
            }
            if sources.isEmpty {
                faults.add(
                    "A review zone without sources can see no pair.", at: item.place,
                    remedy: "Name under “sources” what this source zone delivers.")
            }
            for source in sources {
                if let other = held.updateValue(name, forKey: source) {
                    faults.add(
                        "The source “\(source)” is in the review zones “\(other)” and “\(name)”.",
                        at: item.place, remedy: "Name it in the zone that delivers it.")
                }
            }
            zones.append(
                ReviewZone(
                    name: name, key: key, folder: reviews ?? folder, sources: Set(sources)))
        }
        return zones
    }
}

extension [ReviewZone] {
    /// The place of the zone that holds both sources; `nil` where none does.
    func place(holding one: String, and other: String) -> Int? {
        firstIndex { $0.holds(one) && $0.holds(other) }
    }
}
