import GRDB
public import PipelineModel

extension ZoneDatabase {
    /// The deliveries of an extract (or of all), in the order in which they were taken.
    public func deliveries(
        source: String? = nil, extract: String? = nil, state: Delivery.State? = nil
    ) throws -> [Delivery] {
        try read {
            try $0.all(
                """
                SELECT * FROM deliveries
                WHERE source = ifnull(?, source) AND extract = ifnull(?, extract)
                    AND state = ifnull(?, state)
                ORDER BY id
                """, [source, extract, state?.rawValue]
            ).map { try $0.delivery() }
        }
    }

    /// The accepted delivery of the latest day; `nil` where there was none.
    public func lastAccepted(source: String, extract: String) throws -> Delivery? {
        try read {
            try $0.first(
                """
                SELECT * FROM deliveries
                WHERE source = ? AND extract = ? AND state = 'accepted'
                ORDER BY delivered DESC, id DESC LIMIT 1
                """, [source, extract]
            )?.delivery()
        }
    }

    /// The accepted delivery of exactly this file and day; `nil` where there was none.
    public func accepted(
        source: String, extract: String, digest: ContentDigest, delivered: Day
    ) throws -> Delivery? {
        try read {
            try $0.first(
                """
                SELECT * FROM deliveries WHERE source = ? AND extract = ? AND sha256 = ?
                    AND delivered = ? AND state = 'accepted'
                """, [source, extract, digest.hex, delivered.number]
            )?.delivery()
        }
    }

    /// The rows of the latest delivery of a file that stand in quarantine.
    ///
    /// - Throws: `StileError` with code `policy` outside the source zone.
    public func quarantine(source: String, extract: String, file: String) throws
        -> [QuarantinedRow]
    {
        guard zone == .source else {
            throw StileError(
                .policy, "A quarantine exists in the source zone alone.", at: .init(file: path),
                remedy: "Ask for it in the source zone.")
        }
        return try read {
            try $0.all(
                """
                SELECT line, "column", rule FROM quarantine WHERE delivery = (
                    SELECT max(id) FROM deliveries WHERE source = ? AND extract = ? AND file = ?)
                ORDER BY line, "column", rule
                """, [source, extract, file]
            ).map {
                QuarantinedRow(
                    line: try $0.count("line"), column: try $0.text("column"),
                    rule: try $0.text("rule"))
            }
        }
    }

    /// What the identifiers of the last accepted delivery of an extract met, sorted.
    public func identifierCounts(source: String, extract: String) throws -> [IdentifierCount] {
        try read {
            try $0.all(
                """
                SELECT field, rule, count FROM identifier_counts WHERE delivery = (
                    SELECT id FROM deliveries
                    WHERE source = ? AND extract = ? AND state = 'accepted'
                    ORDER BY delivered DESC, id DESC LIMIT 1)
                ORDER BY field, rule
                """, [source, extract]
            ).map {
                IdentifierCount(
                    field: try $0.text("field"), rule: try $0.text("rule"),
                    count: try $0.count("count"))
            }
        }
    }
}

extension Fields {
    fileprivate func delivery() throws -> Delivery {
        Delivery(
            source: try text("source"), extract: try text("extract"), file: try text("file"),
            digest: try digest("sha256"), delivered: try day("delivered"),
            state: try choice("state"), acceptedRows: try count("accepted_rows"),
            refusedRows: try count("refused_rows"), batch: try textIfPresent("batch"),
            run: try textIfPresent("run"))
    }
}
