/// The tables of a zone's database, one entry for each version.
///
/// A version, once published, is never edited: a change is a new entry.
enum Schema {
    /// Marks an SQLite file as one of Stile's ("STIL").
    static let applicationID: Int64 = 0x5354_494c

    /// The statements that lead from one version to the next, in order.
    static func migrations(_ zone: Zone) -> [String] {
        // Every zone counts the same versions, so that a database of another is known as such.
        zone == .source ? [first + sourceOnly, reviews] : [first, ""]
    }

    private static func digest(_ column: String) -> String {
        "\(column) TEXT NOT NULL CHECK (length(\(column)) = 64 AND \(column) NOT GLOB '*[^0-9a-f]*')"
    }

    private static let first = """
        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            sequence INTEGER NOT NULL UNIQUE,
            began TEXT NOT NULL,
            ended TEXT,
            day INTEGER NOT NULL,
            process INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'finished', 'stopped', 'interrupted', 'killed')),
            CHECK ((ended IS NULL) = (state IN ('running', 'killed')))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_versions (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_stages (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
            stage TEXT NOT NULL,
            scope TEXT NOT NULL,
            \(digest("fingerprint")),
            status TEXT NOT NULL CHECK (status IN ('ran', 'unchanged', 'refused', 'failed')),
            rows_in INTEGER NOT NULL CHECK (rows_in >= 0),
            rows_out INTEGER NOT NULL CHECK (rows_out >= 0),
            rows_refused INTEGER NOT NULL CHECK (rows_refused >= 0),
            seconds REAL NOT NULL CHECK (seconds >= 0),
            PRIMARY KEY (run, ordinal)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_artefacts (
            run TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('input', 'output')),
            position INTEGER NOT NULL CHECK (position >= 0),
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('columns', 'file', 'value')),
            \(digest("sha256")),
            PRIMARY KEY (run, ordinal, direction, position),
            FOREIGN KEY (run, ordinal) REFERENCES run_stages (run, ordinal) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_counts (
            run TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            kind TEXT NOT NULL CHECK (kind IN ('refused', 'excluded', 'other')),
            name TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (run, ordinal, position),
            FOREIGN KEY (run, ordinal) REFERENCES run_stages (run, ordinal) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_faults (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            stage TEXT NOT NULL,
            scope TEXT NOT NULL,
            code TEXT NOT NULL,
            place TEXT NOT NULL,
            message TEXT NOT NULL,
            remedy TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stage_results (
            stage TEXT NOT NULL,
            scope TEXT NOT NULL,
            \(digest("fingerprint")),
            run TEXT REFERENCES runs (id),
            PRIMARY KEY (stage, scope)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stage_outputs (
            stage TEXT NOT NULL,
            scope TEXT NOT NULL,
            position INTEGER NOT NULL CHECK (position >= 0),
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('columns', 'file', 'value')),
            \(digest("sha256")),
            PRIMARY KEY (stage, scope, position),
            FOREIGN KEY (stage, scope) REFERENCES stage_results (stage, scope) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE column_files (
            \(digest("sha256")) PRIMARY KEY,
            schema TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 0),
            rows INTEGER NOT NULL CHECK (rows >= 0),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            registered_in TEXT REFERENCES runs (id),
            live INTEGER NOT NULL CHECK (live IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            extract TEXT NOT NULL,
            file TEXT NOT NULL,
            \(digest("sha256")),
            delivered INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('accepted', 'refused')),
            accepted_rows INTEGER NOT NULL CHECK (accepted_rows >= 0),
            refused_rows INTEGER NOT NULL CHECK (refused_rows >= 0),
            batch TEXT CHECK (batch IS NULL OR batch <> ''),
            run TEXT REFERENCES runs (id)
        ) STRICT;
        CREATE UNIQUE INDEX deliveries_accepted
            ON deliveries (source, extract, delivered, sha256) WHERE state = 'accepted';

        CREATE TABLE identifier_counts (
            delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            rule TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (delivery, field, rule)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE held_state (
            name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
            \(digest("sha256")),
            run TEXT REFERENCES runs (id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE lists (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            model TEXT NOT NULL,
            as_of INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('waiting', 'approved', 'refused', 'released', 'void')),
            created TEXT NOT NULL,
            run TEXT REFERENCES runs (id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE list_digests (
            list TEXT NOT NULL REFERENCES lists (id),
            role TEXT NOT NULL,
            \(digest("sha256")),
            PRIMARY KEY (list, role)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sign_offs (
            id INTEGER PRIMARY KEY,
            list TEXT NOT NULL REFERENCES lists (id),
            role TEXT NOT NULL,
            person TEXT NOT NULL,
            decision TEXT NOT NULL CHECK (decision IN ('approve', 'hold', 'refuse', 'withdraw')),
            \(digest("envelope")),
            at TEXT NOT NULL,
            UNIQUE (list, envelope)
        ) STRICT;
        CREATE TRIGGER sign_offs_stand_update BEFORE UPDATE ON sign_offs
            BEGIN SELECT RAISE(ABORT, 'a sign-off stands'); END;
        CREATE TRIGGER sign_offs_stand_delete BEFORE DELETE ON sign_offs
            BEGIN SELECT RAISE(ABORT, 'a sign-off stands'); END;
        CREATE TRIGGER list_digests_stand BEFORE UPDATE ON list_digests
            BEGIN SELECT RAISE(ABORT, 'the digests of a list stand'); END;

        CREATE TABLE pending_acts (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('move', 'remove')),
            path TEXT NOT NULL,
            destination TEXT NOT NULL,
            CHECK ((kind = 'move') = (destination <> ''))
        ) STRICT;

        """

    private static let sourceOnly = """
        CREATE TABLE quarantine (
            delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
            line INTEGER NOT NULL CHECK (line >= 0),
            "column" TEXT NOT NULL,
            rule TEXT NOT NULL
        ) STRICT;
        CREATE INDEX quarantine_delivery ON quarantine (delivery);

        """

    /// What clerks decided of pairs of records; an answer stands, and a correction is another one.
    private static let reviews = """
        CREATE TABLE review_requests (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            \(digest("sha256")),
            opened TEXT NOT NULL,
            answered TEXT CHECK (
                answered IS NULL
                OR (length(answered) = 64 AND answered NOT GLOB '*[^0-9a-f]*'))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE review_clerks (
            request TEXT NOT NULL REFERENCES review_requests (id),
            clerk TEXT NOT NULL CHECK (clerk <> ''),
            position INTEGER NOT NULL CHECK (position IN (1, 2, 3)),
            began TEXT NOT NULL,
            finished TEXT,
            PRIMARY KEY (request, clerk),
            UNIQUE (request, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE review_answers (
            id INTEGER PRIMARY KEY,
            request TEXT NOT NULL,
            clerk TEXT NOT NULL,
            pair TEXT NOT NULL CHECK (pair <> ''),
            judgement TEXT NOT NULL CHECK (judgement IN ('link', 'not', 'cannot_say')),
            reason TEXT NOT NULL CHECK (reason <> ''),
            at TEXT NOT NULL,
            FOREIGN KEY (request, clerk) REFERENCES review_clerks (request, clerk)
        ) STRICT;
        CREATE INDEX review_answers_clerk ON review_answers (request, clerk);
        CREATE TRIGGER review_answers_stand_update BEFORE UPDATE ON review_answers
            BEGIN SELECT RAISE(ABORT, 'an answer stands'); END;
        CREATE TRIGGER review_answers_stand_delete BEFORE DELETE ON review_answers
            BEGIN SELECT RAISE(ABORT, 'an answer stands'); END;
        CREATE TRIGGER review_clerks_finish BEFORE INSERT ON review_answers
            WHEN (
                SELECT finished FROM review_clerks
                WHERE request = NEW.request AND clerk = NEW.clerk
            ) IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'a clerk who has finished decides no more'); END;

        """
}
