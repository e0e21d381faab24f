import Report
import Testing

@Suite struct PageTests {
    private let page = Page(
        kind: "Stile · run record", title: "A night", summary: "Finished.",
        sections: ["One", "Two", "Three", "Four"].map {
            Section(
                $0,
                [
                    .table(
                        Table(
                            "Rows by stage", columns: [.init("Stage"), .init("Rows", .number)],
                            rows: [
                                [.text("intake"), .count(1_234_567)],
                                [.text("link"), .number(0.5, decimals: 2)],
                                [.text("score"), .code("abababababab")],
                                [.text("gate"), .status(.stop, "refused")], [],
                            ])),
                    .details(summary: "More", [.code("stile review")]),
                ])
        })

    private func count(_ part: String) -> Int {
        page.html().components(part) - 1
    }

    @Test func theSamePageGivesTheSameBytes() {
        #expect(page.html() == page.html())
        #expect(!page.html().contains("\r"))
    }

    @Test func landmarksHeadingsAndLanguage() {
        #expect(count("<html lang=\"en-GB\">") == 1)
        for landmark in ["<header>", "<main id=\"main\">", "<nav aria-label=", "<h1>"] {
            #expect(count(landmark) == 1, "\(landmark)")
        }
        #expect(count("<h2 id=") == 4)
        #expect(count("aria-labelledby=\"s2\"") == 1 && count("id=\"s2\"") == 1)
        #expect(count("href=\"#s4\"") == 1)
        #expect(count("class=\"skip\" href=\"#main\"") == 1)
    }

    @Test func tablesHaveCaptionsAndScopes() {
        #expect(count("<table>") == 4 && count("<caption id=") == 4)
        #expect(count("scope=\"col\"") == 8)
        #expect(count("scope=\"row\"") == 20)
        #expect(count("<td class=\"n\">1\u{202f}234\u{202f}567</td>") == 4)
        #expect(count("<td class=\"n\">0.50</td>") == 4)
        #expect(count("<code>abababababab</code>") == 4)
        #expect(count("</span> refused</span>") == 4)
    }

    @Test func aWideTableStaysATableWhenItIsStacked() {
        let html = Page(
            kind: "k", title: "t",
            sections: [
                Section(
                    "s",
                    [
                        .table(
                            Table(
                                "c", columns: ["A", "B", "C", "D", "E\""].map { .init($0) },
                                rows: [["1", "2", "3", "4", "5"]]))
                    ])
            ]
        ).html()
        #expect(html.contains("<table class=\"wide\" role=\"table\">"))
        #expect(html.contains("<th scope=\"row\" role=\"rowheader\">1</th>"))
        #expect(html.contains("<td role=\"cell\" data-label=\"E&quot;\">5</td>"))
    }

    @Test func aCellOfSeveralThingsIsAList() {
        let html = Page(
            kind: "k", title: "t",
            sections: [
                Section(
                    "s",
                    [
                        .table(
                            Table(
                                "c",
                                columns: [
                                    .init("Rank", .number), .init("Why"), .init("C"), .init("D"),
                                    .init("E"),
                                ],
                                rows: [
                                    [
                                        .count(1), .items([[.strong("+1"), " a < b"], ["c"]]),
                                        .items([]), .shortCode("abc"), "",
                                    ]
                                ]))
                    ])
            ]
        ).html()
        #expect(
            html.contains(
                "<th scope=\"row\" role=\"rowheader\" data-label=\"Rank\" class=\"n\">1</th>"))
        #expect(html.contains("<ul><li><strong>+1</strong> a &lt; b</li><li>c</li></ul>"))
        #expect(html.contains("data-label=\"C\"></td>"))
        #expect(html.contains("<code class=\"short\">abc</code>"))
    }

    @Test func nothingComesFromElsewhere() {
        for part in ["<script", "<link", "<img", "<iframe", "url(", "@import", "http:", "src="] {
            #expect(count(part) == 0, "\(part)")
        }
        #expect(count("default-src 'none'") == 1)
    }

    @Test func everyTagIsClosed() {
        var open: [Substring] = []
        let void: Set<Substring> = ["meta", "!DOCTYPE"]
        for piece in page.html().split(separator: "<").dropFirst(0) {
            guard let tag = piece.split(separator: ">").first?.split(separator: " ").first,
                !void.contains(tag)
            else { continue }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else {
                open.append(tag)
            }
        }
        #expect(open.isEmpty)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1234, "1234"), (12_345, "12\u{202f}345"),
        (-1_234_567, "\u{2212}1\u{202f}234\u{202f}567"),
        (Int.min, "\u{2212}9\u{202f}223\u{202f}372\u{202f}036\u{202f}854\u{202f}775\u{202f}808"),
    ])
    func counts(_ value: Int, _ text: String) { #expect(Numerals.count(value) == text) }

    @Test(arguments: [
        (0.125, 2, "0.12"), (0.375, 2, "0.38"), (-0.001, 2, "0.00"), (1.5, 0, "2"),
        (2.5, 0, "2"), (-1.25, 1, "\u{2212}1.2"), (12_345.678, 1, "12\u{202f}345.7"),
        (.nan, 2, "not known"), (.infinity, 2, "not known"), (0.05, 3, "0.050"),
    ])
    func numbers(_ value: Double, _ decimals: Int, _ text: String) {
        #expect(Numerals.number(value, decimals: decimals) == text)
    }
}

extension String {
    /// The number of pieces between occurrences of `part`.
    fileprivate func components(_ part: String) -> Int {
        var count = 1
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
