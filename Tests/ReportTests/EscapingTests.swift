import Report
import Testing

@Suite struct EscapingTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
        "</style><script>", "a & b", "<!--", "]]>", "javascript:alert(1)",
    ]

    /// A page with `text` in every place that takes text.
    private func page(_ text: String) -> String {
        Page(
            kind: text, title: text, summary: text,
            sections: (0..<4).map { _ in
                Section(
                    text,
                    [
                        .text(text), .heading(text), .code(text),
                        .paragraph([.strong(text), .code(text), .link(text, to: text)]),
                        .items([[.text(text)]]), .pairs([Pair(text, text)]),
                        .note(Note(.warning, text, [.text(text)])),
                        .details(summary: text, [.text(text)]),
                        .table(
                            Table(
                                text, columns: [.init(text), .init(text, .number)],
                                rows: [[.text(text), .code(text)], [.status(.stop, text)]],
                                whenEmpty: text)),
                        .table(Table(text, columns: [.init(text)], rows: [], whenEmpty: text)),
                    ])
            }, colophon: [text]
        ).html()
    }

    @Test(arguments: hostile)
    func noTextBecomesMarkup(_ text: String) {
        // The tags of a page do not depend on its texts.
        func tags(_ html: String) -> [Substring] {
            html.split(separator: "<").dropFirst().compactMap { $0.split(separator: ">").first }
                .filter { !$0.hasPrefix("a href=\"") && $0 != "/a" }
        }
        #expect(tags(page(text)) == tags(page("plain")))
        #expect(!page(text).contains("<script"))
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "//other.example/x", "/etc/passwd", "",
    ])
    func aLinkElsewhereShowsAsText(_ target: String) {
        let html = Page(
            kind: "k", title: "t",
            sections: [Section("s", [.paragraph([.link("here", to: target)])])]
        ).html()
        #expect(!html.contains("<a href=\"\(target)\""))
        #expect(html.contains("here ("))
    }

    @Test(arguments: ["run.html", "../lists/a.html", "#s1", "https://www.gov.uk/"])
    func aLinkNearByIsOne(_ target: String) {
        let html = Page(
            kind: "k", title: "t",
            sections: [Section("s", [.paragraph([.link("here", to: target)])])]
        ).html()
        #expect(html.contains("<a href=\"\(target)\">here</a>"))
    }

    @Test(arguments: [
        ("a\u{202e}fdp.exe", "a[U+202E]fdp.exe"), ("a\u{2066}b", "a[U+2066]b"),
        ("a\u{200b}b", "a[U+200B]b"), ("a\u{0}b", "a[U+0000]b"), ("a\u{1b}[31m", "a[U+001B][31m"),
        ("a\u{feff}", "a[U+FEFF]"), ("a\u{e0041}", "a[U+E0041]"), ("Zoë Ōkura", "Zoë Ōkura"),
        ("שלום", "שלום"),
    ])
    func hiddenCharactersAreShown(_ text: String, _ shown: String) {
        let html = page(text)
        #expect(html.contains("<h1>\(shown)</h1>"))
        #expect(text == shown || !html.contains(text))
    }
}
