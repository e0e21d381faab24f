/// A page: self-contained HTML without scripts or anything from elsewhere, which
/// reads on a phone, in print and through a screen reader.
///
/// The same page gives the same bytes on every machine.
public struct Page: Sendable {
    /// The small line above the title: what kind of page it is.
    public var kind: String
    public var title: String
    /// One sentence below the title.
    public var summary: String
    public var sections: [Section]
    /// Small lines at the end: what made the page, from what.
    public var colophon: [String]

    public init(
        kind: String, title: String, summary: String = "", sections: [Section] = [],
        colophon: [String] = []
    ) {
        self.kind = kind
        self.title = title
        self.summary = summary
        self.sections = sections
        self.colophon = colophon
    }

    /// The page as UTF-8 HTML.
    public func html() -> String {
        var writer = HTMLWriter()
        writer.write(self)
        return writer.text
    }
}

/// A part of a page under a heading.
public struct Section: Sendable {
    public var heading: String
    public var blocks: [Block]

    public init(_ heading: String, _ blocks: [Block]) {
        self.heading = heading
        self.blocks = blocks
    }
}

/// What stands in a section, in order.
public enum Block: Sendable {
    case paragraph([Inline])
    /// A heading one level below that of the section.
    case heading(String)
    case table(Table)
    /// A chart, with the same figures as a table that can be unfolded.
    case chart(Chart, Table)
    /// Names and values, such as a run's day and state.
    case pairs([Pair])
    case items([[Inline]])
    case note(Note)
    /// Text as it would be typed, such as a command.
    case code(String)
    /// Folded on a screen, open in print.
    case details(summary: String, [Block])

    /// A paragraph of plain text.
    public static func text(_ text: String) -> Block { .paragraph([.text(text)]) }
}

/// A piece of a line.
public enum Inline: Sendable, Hashable, ExpressibleByStringLiteral {
    case text(String)
    case strong(String)
    case code(String)
    /// A link within the folder of the page or to https; anything else shows as text.
    case link(String, to: String)

    public init(stringLiteral value: String) { self = .text(value) }
}

/// A name with its value.
public struct Pair: Sendable {
    public var name: String
    public var value: [Inline]

    public init(_ name: String, _ value: String) { self.init(name, [.text(value)]) }

    public init(_ name: String, _ value: [Inline]) {
        self.name = name
        self.value = value
    }
}

/// A block that stands out; its label says in words what its colour says.
public struct Note: Sendable {
    public enum Kind: Sendable {
        /// All is as it should be.
        case good
        case information
        case warning
        /// Something stopped or was refused.
        case stop
    }

    public var kind: Kind
    /// The words in front, such as "Stopped".
    public var label: String
    public var blocks: [Block]

    public init(_ kind: Kind, _ label: String, _ blocks: [Block]) {
        self.kind = kind
        self.label = label
        self.blocks = blocks
    }
}
