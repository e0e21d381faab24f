import Features
import StrictYAML

extension ModelSpecification {
    /// A specification from the text of its two files.
    static func made(model: String, features: String) throws -> ModelSpecification {
        func yaml(_ text: String, _ file: String) throws -> YAMLNode {
            try YAMLDocument.parse(Array(text.utf8), file: file)
        }
        return try ModelSpecification(
            model: yaml(model, "model.yaml"), features: yaml(features, "features.yaml"))
    }
}
