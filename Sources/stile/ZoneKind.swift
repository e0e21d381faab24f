import PipelineModel
import StrictYAML

/// Which zone a configuration file is of.
enum ZoneKind: String {
    case source, linking, release

    /// Reads the key `zone` of the file at `path`.
    static func of(_ path: String) throws -> ZoneKind {
        let root = try YAMLDocument.read(fileAt: path)
        var faults = FaultList()
        var reader = MappingReader(root, what: "configuration", faults: &faults)
        let text = reader.string("zone", &faults)
        try faults.check()
        guard let zone = ZoneKind(rawValue: text) else {
            throw StileError(
                .configuration, "“zone” must be source, linking or release.",
                at: .init(file: path), remedy: "Correct the key “zone”.")
        }
        return zone
    }
}
