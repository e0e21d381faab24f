import GRDB
import PipelineModel

extension ZoneDatabase {
    /// The lists, the latest first.
    public func lists(state: ListRecord.State? = nil) throws -> [ListRecord] {
        try read { reader in
            try reader.all(
                """
                SELECT * FROM lists WHERE state = ifnull(?, state)
                ORDER BY created DESC, id DESC
                """, [state?.rawValue]
            ).map { try reader.list($0) }
        }
    }

    /// The list of that id; `nil` where there is none.
    public func list(_ id: String) throws -> ListRecord? {
        try read { reader in
            try reader.first("SELECT * FROM lists WHERE id = ?", [id]).map(reader.list)
        }
    }

    /// The sign-offs of a list in the order in which they came; the last of a
    /// role and person is the one that counts.
    public func signOffs(list: String) throws -> [SignOffRecord] {
        try read {
            try $0.all("SELECT * FROM sign_offs WHERE list = ? ORDER BY id", [list]).map {
                SignOffRecord(
                    list: list, role: try $0.text("role"), person: try $0.text("person"),
                    decision: try $0.choice("decision"), envelope: try $0.digest("envelope"),
                    at: try $0.instant("at"))
            }
        }
    }
}

extension Reader {
    fileprivate func list(_ row: Fields) throws -> ListRecord {
        let id = try row.text("id")
        var digests: [String: ContentDigest] = [:]
        for digest in try all("SELECT * FROM list_digests WHERE list = ?", [id]) {
            digests[try digest.text("role")] = try digest.digest("sha256")
        }
        return ListRecord(
            id: id, model: try row.text("model"), asOf: try row.day("as_of"),
            state: try row.choice("state"), created: try row.instant("created"),
            digests: digests, run: try row.textIfPresent("run"))
    }
}
