import PipelineModel

/// Writes a page as HTML; every text goes through ``Escaping``.
struct HTMLWriter {
    private(set) var text = ""
    private var tables = 0

    private mutating func line(_ html: String) { text += html + "\n" }

    private func escape(_ raw: String) -> String { Escaping.escape(raw) }

    mutating func write(_ page: Page) {
        line("<!DOCTYPE html>")
        line("<html lang=\"en-GB\">")
        line("<head>")
        line("<meta charset=\"utf-8\">")
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        line(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                + "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">")
        line("<meta name=\"referrer\" content=\"no-referrer\">")
        line("<meta name=\"robots\" content=\"noindex\">")
        line("<title>\(escape(page.title)) · \(escape(page.kind))</title>")
        line("<style>\n\(Stylesheet.text)</style>")
        line("</head>")
        line("<body>")
        line("<a class=\"skip\" href=\"#main\">Skip to the content</a>")
        line("<header>")
        line("<p class=\"kind\">\(escape(page.kind))</p>")
        line("<h1>\(escape(page.title))</h1>")
        if !page.summary.isEmpty { line("<p class=\"summary\">\(escape(page.summary))</p>") }
        line("</header>")
        if page.sections.count > 3 { contents(page.sections) }
        line("<main id=\"main\">")
        for (index, section) in page.sections.enumerated() {
            line("<section aria-labelledby=\"s\(index + 1)\">")
            line("<h2 id=\"s\(index + 1)\">\(escape(section.heading))</h2>")
            for block in section.blocks { write(block) }
            line("</section>")
        }
        line("</main>")
        if !page.colophon.isEmpty {
            line("<footer>")
            for entry in page.colophon { line("<p>\(escape(entry))</p>") }
            line("</footer>")
        }
        line("</body>")
        line("</html>")
    }

    private mutating func contents(_ sections: [Section]) {
        line("<nav aria-label=\"On this page\">")
        line("<ol>")
        for (index, section) in sections.enumerated() {
            line("<li><a href=\"#s\(index + 1)\">\(escape(section.heading))</a></li>")
        }
        line("</ol>")
        line("</nav>")
    }

    private mutating func write(_ block: Block) {
        switch block {
        case .paragraph(let pieces): line("<p>\(html(pieces))</p>")
        case .heading(let heading): line("<h3>\(escape(heading))</h3>")
        case .table(let table): write(table)
        case .chart(let chart, let table):
            line("<figure class=\"chart\">")
            line("<figcaption>\(escape(chart.title))</figcaption>")
            line(chart.inline)
            line("</figure>")
            write(.details(summary: "The same as a table", [.table(table)]))
        case .pairs(let pairs):
            line("<dl>")
            for pair in pairs {
                line("<div><dt>\(escape(pair.name))</dt><dd>\(html(pair.value))</dd></div>")
            }
            line("</dl>")
        case .items(let items):
            line("<ul>")
            for item in items { line("<li>\(html(item))</li>") }
            line("</ul>")
        case .note(let note):
            line("<div class=\"note \(name(note.kind))\" role=\"note\">")
            line("<p class=\"label\">\(escape(note.label))</p>")
            for block in note.blocks { write(block) }
            line("</div>")
        case .code(let code): line("<pre tabindex=\"0\"><code>\(escape(code))</code></pre>")
        case .details(let summary, let blocks):
            line("<details>")
            line("<summary>\(escape(summary))</summary>")
            for block in blocks { write(block) }
            line("</details>")
        }
    }

    private func name(_ kind: Note.Kind) -> String {
        switch kind {
        case .good: "good"
        case .information: "information"
        case .warning: "warning"
        case .stop: "stop"
        }
    }

    private func html(_ pieces: [Inline]) -> String { pieces.map(html).joined() }

    private func html(_ piece: Inline) -> String {
        switch piece {
        case .text(let text): escape(text)
        case .strong(let text): "<strong>\(escape(text))</strong>"
        case .code(let text): "<code>\(escape(text))</code>"
        case .link(let text, let target):
            isSafe(target)
                ? "<a href=\"\(escape(target))\">\(escape(text))</a>"
                : "\(escape(text)) (\(escape(target)))"
        }
    }

    /// A path below the page's folder or beside it, a place on it, or https.
    private func isSafe(_ target: String) -> Bool {
        if target.hasPrefix("https://") { return true }
        return !target.isEmpty && !target.contains(":") && !target.contains("\\")
            && !target.hasPrefix("/")
    }
}

extension HTMLWriter {
    /// A table with more columns than a phone has room for is marked, and its cells
    /// labelled, so that the style sheet can stack them there; the roles keep it a
    /// table for a screen reader when it does.
    private mutating func write(_ table: Table) {
        tables += 1
        let caption = "t\(tables)"
        let wide = table.columns.count > 4
        func role(_ name: String) -> String { wide ? " role=\"\(name)\"" : "" }
        func label(_ column: Table.Column) -> String {
            wide ? " data-label=\"\(escape(column.title))\"" : ""
        }
        line("<div class=\"table\" role=\"region\" aria-labelledby=\"\(caption)\" tabindex=\"0\">")
        line(wide ? "<table class=\"wide\" role=\"table\">" : "<table>")
        line("<caption id=\"\(caption)\">\(escape(table.caption))</caption>")
        line("<thead\(role("rowgroup"))>")
        line(
            "<tr\(role("row"))>"
                + table.columns.map {
                    "<th scope=\"col\"\(role("columnheader"))\(style($0))>\(escape($0.title))</th>"
                }.joined() + "</tr>")
        line("</thead>")
        line("<tbody\(role("rowgroup"))>")
        if table.rows.isEmpty {
            line(
                "<tr\(role("row"))><td\(role("cell")) class=\"empty\" "
                    + "colspan=\"\(max(1, table.columns.count))\">"
                    + "\(escape(table.whenEmpty))</td></tr>")
        }
        for row in table.rows {
            let cells = table.columns.enumerated().map { index, column in
                let content = index < row.count ? html(row[index]) : ""
                if index == 0 {
                    let number = column.alignment == .number ? label(column) : ""
                    return "<th scope=\"row\"\(role("rowheader"))\(number)\(style(column))>"
                        + "\(content)</th>"
                }
                let label = label(column)
                return "<td\(role("cell"))\(label)\(style(column))>\(content)</td>"
            }
            line("<tr\(role("row"))>\(cells.joined())</tr>")
        }
        line("</tbody>")
        line("</table>")
        line("</div>")
    }

    private func style(_ column: Table.Column) -> String {
        column.alignment == .number ? " class=\"n\"" : ""
    }

    private func html(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): escape(text)
        case .count(let value): Numerals.count(value)
        case .number(let value, let decimals): Numerals.number(value, decimals: decimals)
        case .code(let text): "<code>\(escape(text))</code>"
        case .shortCode(let text): "<code class=\"short\">\(escape(text))</code>"
        case .digest(let digest): "<code class=\"short\">\(digest.short)</code>"
        case .status(let status, let word):
            "<span class=\"status \(name(status))\"><span aria-hidden=\"true\">\(mark(status))"
                + "</span> \(escape(word))</span>"
        case .inline(let pieces): html(pieces)
        case .items(let items):
            items.isEmpty
                ? "" : "<ul>" + items.map { "<li>\(html($0))</li>" }.joined() + "</ul>"
        }
    }

    private func name(_ status: Cell.Status) -> String {
        switch status {
        case .good: "good"
        case .idle: "idle"
        case .warning: "warning"
        case .stop: "stop"
        }
    }

    private func mark(_ status: Cell.Status) -> String {
        switch status {
        case .good: "●"
        case .idle: "○"
        case .warning: "▲"
        case .stop: "■"
        }
    }
}
