/// A figure, or why there is none: never a NaN and never a silent zero.
///
/// In JSON a figure stands as itself, and the other case as
/// `{"not_assessable": "why"}`.
public enum Assessed<Value: Sendable>: Sendable {
    case value(Value)
    case notAssessable(String)

    /// The figure, where there is one.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// A figure computed where `condition` holds.
    static func when(
        _ condition: Bool, otherwise reason: @autoclosure () -> String, _ value: () -> Value
    ) -> Assessed {
        condition ? .value(value()) : .notAssessable(reason())
    }

    /// What a function makes of something that may not be there.
    static func from<Input>(
        _ input: Input?, otherwise reason: @autoclosure () -> String, _ value: (Input) -> Value
    ) -> Assessed {
        input.map { .value(value($0)) } ?? .notAssessable(reason())
    }

    /// What a function makes of the figure, or the same reason.
    func map<Other>(_ change: (Value) -> Other) -> Assessed<Other> {
        switch self {
        case .value(let value): .value(change(value))
        case .notAssessable(let reason): .notAssessable(reason)
        }
    }

    /// The figure that a function finds in this one, or the first reason.
    func flatMap<Other>(_ change: (Value) -> Assessed<Other>) -> Assessed<Other> {
        switch self {
        case .value(let value): change(value)
        case .notAssessable(let reason): .notAssessable(reason)
        }
    }
}

extension Assessed: Equatable where Value: Equatable {}

extension Assessed: Codable where Value: Codable {
    private enum Key: String, CodingKey {
        // The converting key strategies would write and read exactly this.
        case notAssessable
    }

    public init(from decoder: any Decoder) throws {
        if let box = try? decoder.container(keyedBy: Key.self),
            let reason = try? box.decode(String.self, forKey: .notAssessable)
        {
            self = .notAssessable(reason)
        } else {
            self = .value(try Value(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .value(let value):
            try value.encode(to: encoder)
        case .notAssessable(let reason):
            var box = encoder.container(keyedBy: Key.self)
            try box.encode(reason, forKey: .notAssessable)
        }
    }
}
