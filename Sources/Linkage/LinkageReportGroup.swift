public import PipelineModel
import StrictYAML

/// A payload column by which the report gives linkage rates, so that who is missed can be seen.
public struct LinkageReportGroup: Sendable, Equatable {
    /// What the report calls it.
    public var name: String
    /// `source.file` of the facts.
    public var extract: String
    public var column: String
    /// Where bands of numbers, or of ages in years of a column of days, begin; empty for each
    /// value by itself.
    public var bands: [Double]
    public var place: StileError.Place

    /// Reads `groups: [{name:, column: source.file.column, bands: []}]` of `report:`.
    static func read(
        _ report: inout MappingReader, _ faults: inout FaultList
    ) -> [LinkageReportGroup] {
        report.items("groups", &faults).map { item in
            var group = MappingReader(item, what: "group", faults: &faults)
            let column = group.string("column", &faults)
            let words = column.split(separator: ".").map(String.init)
            if words.count != 3, !column.isEmpty {
                faults.add(
                    "“\(column)” does not name a column of facts.", at: item.place,
                    remedy: "Write source.file.column, such as gp.patients.sex.")
            }
            let bands = group.strings("bands", &faults).compactMap { text -> Double? in
                guard let value = Double(text), value.isFinite else {
                    faults.add(
                        "The band “\(text)” is not a number.", at: item.place,
                        remedy: "Write where bands begin as numbers, in ascending order.")
                    return nil
                }
                return value
            }
            if zip(bands, bands.dropFirst()).contains(where: { $0 >= $1 }) {
                faults.add(
                    "The bands are not in ascending order.", at: item.place,
                    remedy: "Write where bands begin, the lowest first, each once.")
            }
            let result = LinkageReportGroup(
                name: group.optionalString("name", &faults) ?? words.last ?? column,
                extract: words.prefix(2).joined(separator: "."), column: words.last ?? "",
                bands: bands, place: item.place)
            group.finish(&faults)
            return result
        }
    }

    /// The band in which a value lies, and all bands in order.
    public func band(_ value: Double) -> String {
        guard let first = bands.first else { return LinkageReportGroup.plain(value) }
        if value < first { return "below \(LinkageReportGroup.plain(first))" }
        let index = bands.lastIndex { $0 <= value } ?? 0
        return bandName(index)
    }

    /// All bands in order.
    public var bandNames: [String] {
        guard let first = bands.first else { return [] }
        return ["below \(Self.plain(first))"] + bands.indices.map(bandName)
    }

    private func bandName(_ index: Int) -> String {
        let from = Self.plain(bands[index])
        guard index + 1 < bands.count else { return "\(from) and over" }
        return "\(from) to under \(Self.plain(bands[index + 1]))"
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }
}
