import PipelineModel
public import StrictYAML

extension SourceContract {
    /// Reads the source zone's `stile.yaml`.
    ///
    /// - Throws: `StileError` with code `configuration` and all faults at once.
    public static func read(fileAt path: String) throws -> SourceContract {
        try SourceContract(try YAMLDocument.read(fileAt: path))
    }

    /// Reads the contract from a document.
    ///
    /// - Throws: `StileError` with code `configuration` and all faults at once.
    public init(_ root: YAMLNode) throws {
        var faults = FaultList()
        var reader = MappingReader(root, what: "source zone", faults: &faults)
        _ = reader.integer("version", in: 1...1, &faults)
        let zone = reader.string("zone", &faults)
        if let node = reader.node("zone"), zone != "source" {
            faults.add(
                "This file is for another zone.", at: node.place,
                remedy: "Write “zone: source”, or name the file of the source zone.")
            // Every other key would be wrong too, and say nothing more.
            try faults.check()
        }
        deployment = reader.choice("deployment", &faults) ?? .real
        project = reader.string("project", &faults)
        clock = reader.choice("clock", default: .calendar, &faults) ?? .calendar
        var archive = ""
        retainDays = 0
        if let node = reader.required("archive", &faults) {
            var inner = MappingReader(node, what: "archive", faults: &faults)
            archive = inner.string("folder", &faults)
            retainDays = inner.integer("retain_days", in: 0...36_525, &faults)
            inner.finish(&faults)
        }
        folders = Folders(
            drop: reader.string("drop", &faults), archive: archive,
            exchange: reader.string("exchange", &faults), state: reader.string("state", &faults),
            pages: reader.string("pages", &faults), keyring: reader.string("keyring", &faults),
            policy: reader.string("policy", &faults),
            linkingZone: reader.optionalString("linking_zone", &faults))
        if deployment == .real, folders.linkingZone == nil {
            faults.add(
                "A real deployment must say where the linking zone lies.", at: reader.place,
                remedy:
                    "Add “linking_zone: folder”, so that Stile can check that this account cannot read it."
            )
        }
        encoding = reader.node("encoding")
        review = Review(reader.node("review"), faults: &faults)
        sources = []
        if reader.required("sources", &faults) != nil {
            for entry in reader.mapping("sources", &faults) {
                sources.append(Source(entry, clock: clock, faults: &faults))
            }
            if sources.isEmpty {
                faults.add(
                    "There are no sources.", at: reader.place,
                    remedy: "Describe at least one source under “sources”.")
            }
        }
        if encoding == nil, sources.contains(where: { $0.link == .encodings }) {
            faults.add(
                "A source is linked by encodings and there is no “encoding”.", at: reader.place,
                remedy: "Add the key “encoding”, or link every source by a trusted key.")
        }
        reader.finish(&faults)
        try faults.check()
    }
}

extension SourceContract.Review {
    /// Reads `review:`; all of it is optional.
    init(_ node: YAMLNode?, faults: inout FaultList) {
        (folder, key, clerks, adjudicates) = ("../reviews", "keys/review.key", [], false)
        guard let node else { return }
        var reader = MappingReader(node, what: "review", faults: &faults)
        folder = reader.optionalString("folder", &faults) ?? folder
        key = reader.optionalString("key", &faults) ?? key
        clerks = reader.strings("clerks", &faults)
        adjudicates = reader.boolean("adjudicate", default: false, &faults)
        reader.finish(&faults)
    }
}

extension SourceContract.Source {
    init(_ entry: YAMLNode.Entry, clock: Clock, faults: inout FaultList) {
        var reader = MappingReader(entry.value, what: "source", faults: &faults)
        name = entry.key
        ContractName.check(entry, what: "source", &faults)
        purpose = reader.string("purpose", &faults)
        legalBasis = .init(
            article6: "", article9: nil, reference: "", expires: .missing)
        if let node = reader.required("legal_basis", &faults) {
            legalBasis = SourceContract.LegalBasis(node, &faults)
        }
        maximumAgeDays = reader.integer("maximum_age_days", in: 0...3650, &faults)
        link = .encodings
        if let node = reader.required("link", &faults) { link = Self.link(node, &faults) }
        sealIdentities = reader.boolean("seal_identities", &faults)
        register = reader.choice("register", default: .facts, &faults) ?? .facts
        extracts = []
        if reader.required("files", &faults) != nil {
            for file in reader.mapping("files", &faults) {
                var parser = ExtractParser(
                    source: entry.key, link: link, clock: clock, register: register)
                if let extract = parser.parse(file, &faults) { extracts.append(extract) }
            }
        }
        let places = reader.node("files")?.place ?? entry.place
        for (index, extract) in extracts.enumerated()
        where extracts[..<index].contains(where: { $0.pattern == extract.pattern }) {
            faults.add(
                "Two files of the source “\(entry.key)” have one “name”.", at: places,
                remedy: "Give each kind of file a name of its own.")
        }
        if sealIdentities, !extracts.isEmpty, extracts.allSatisfy(\.identity.isEmpty) {
            faults.add(
                "Identities are to be sealed and no file has an “identity”.", at: entry.place,
                remedy: "Map the identity, or write “seal_identities: false”.")
        }
        if link == .encodings, !extracts.isEmpty, extracts.allSatisfy(\.identity.isEmpty) {
            faults.add(
                "The source is linked by encodings and no file has an “identity”.",
                at: entry.place, remedy: "Map the identity, or link by a trusted key.")
        }
        reader.finish(&faults)
    }

    private static func link(_ node: YAMLNode, _ faults: inout FaultList)
        -> SourceContract.LinkRule
    {
        switch node.content {
        case .scalar("encodings"): return .encodings
        case .mapping:
            var reader = MappingReader(node, what: "link", faults: &faults)
            let column = reader.string("trusted_key", &faults)
            reader.finish(&faults)
            return .trustedKey(column: column)
        default:
            faults.add(
                "“link” must be “encodings” or a trusted key.", at: node.place,
                remedy: "Write “link: encodings” or “link: {trusted_key: column}”.")
            return .encodings
        }
    }
}

extension SourceContract.LegalBasis {
    init(_ node: YAMLNode, _ faults: inout FaultList) {
        var reader = MappingReader(node, what: "legal basis", faults: &faults)
        article6 = reader.string("article_6", &faults)
        if let place = reader.node("article_6")?.place,
            !["a", "b", "c", "d", "e", "f"].contains(article6)
        {
            faults.add(
                "“article_6” must be a letter of Article 6(1).", at: place,
                remedy: "Write one of a, b, c, d, e, f.")
        }
        article9 = reader.optionalString("article_9", &faults)
        if let letter = article9, let place = reader.node("article_9")?.place,
            !["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].contains(letter)
        {
            faults.add(
                "“article_9” must be a letter of Article 9(2).", at: place,
                remedy: "Write one of a to j, or leave the key out.")
        }
        reference = reader.string("reference", &faults)
        _ = reader.required("expires", &faults)
        expires = reader.day("expires", &faults) ?? .missing
        reader.finish(&faults)
    }
}

/// Names that become parts of table names, file names and column names.
enum ContractName {
    static func check(_ entry: YAMLNode.Entry, what: String, _ faults: inout FaultList) {
        let isPlain =
            entry.key.utf8.first.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
            ?? false
        let allowed = entry.key.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        if !isPlain || !allowed || entry.key.utf8.count > 64 {
            faults.add(
                "“\(entry.key)” cannot be the name of a \(what).", at: entry.place,
                remedy: "Use lower-case letters, digits and _, a letter first, at most 64 of them.")
        }
    }
}
