/// A reporting checklist: items in our own words, what Stile can say to each, and blanks.
struct Checklist {
    struct Item {
        var number: String
        /// What the item asks, in our own words.
        var asks: String
        var answer: String

        init(_ number: String, _ asks: String, _ answer: String) {
            self.number = number
            self.asks = asks
            self.answer = answer
        }
    }

    var title: String
    var introduction: [String]
    var sections: [(heading: String, items: [Item])]

    var text: String {
        var lines = ["# \(title)", ""] + introduction
        for section in sections {
            lines += ["", "## \(section.heading)", ""]
            lines += ModelFacts.table(
                ["Item", "Asks", "Answer"],
                section.items.map { [$0.number, $0.asks, $0.answer] })
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
