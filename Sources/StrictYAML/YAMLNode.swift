public import PipelineModel

/// A node of a YAML document with its position.
///
/// Scalars stay text until a reader asks for a number or a truth value, so `no`,
/// `010` and `1e3` mean nothing by themselves.
public struct YAMLNode: Sendable {
    public enum Content: Sendable {
        case scalar(String)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// A key of a mapping and what it holds.
    public struct Entry: Sendable {
        public var key: String
        public var place: StileError.Place
        public var value: YAMLNode
    }

    public var content: Content
    public var place: StileError.Place

    public init(_ content: Content, place: StileError.Place) {
        self.content = content
        self.place = place
    }
}
