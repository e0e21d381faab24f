"""The data sets: where their files lie, how a plaintext linker is given them, the truth.

A set is loaded into DuckDB as one table per source with the columns `record` (a number that
is unique over all sources), `rec_id` and the fields. Fields are lower case, names without accents,
hyphens, apostrophes or outer blanks; an empty field, a placeholder of a name and a
pseudo-postcode are NULL. Who a record is stays outside the
tables that a linker sees.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from quality import Truth

FEBRL_FIELDS = (
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode",
    "state", "date_of_birth", "soc_sec_id",
)
PERSON_FIELDS = ("given_name", "surname", "date_of_birth", "sex", "postcode")
COUNTY_FIELDS = PERSON_FIELDS + ("uprn", "nhs_number", "upn")
NAME_FIELDS = frozenset(("given_name", "surname", "first_name"))
FORENAME_FIELDS = frozenset(("given_name", "first_name"))
CHILDREN = ("children100k", "children500k")
COUNTY_SOURCES = ("gp", "hospital", "school", "childrens_social_care")


@dataclass
class LinkageSet:
    """One data set, loaded."""

    name: str
    tables: list  # names of the DuckDB tables, one per source
    fields: tuple
    truth: Truth

    @property
    def between_sources(self):
        return self.truth.between_sources

    @property
    def two_sources(self):
        return self.between_sources and len(self.tables) == 2


def _clean(field):
    text = f"lower(trim({field}))"
    if field in NAME_FIELDS:
        text = f"trim(regexp_replace(regexp_replace(strip_accents({text}), '[''’]', '', 'g'), '[- ]+', ' ', 'g'))"
    if field in FORENAME_FIELDS:
        # What a register of births writes before there is a name.
        text = f"case when {text} in ('baby', 'twin 1', 'twin 2') then '' else {text} end"
    if field == "postcode":
        # Pseudo-postcodes: no fixed abode, not known.
        text = f"case when {text} like 'zz99%' then '' else {text} end"
    return f"nullif({text}, '') as {field}"


def _read(connection, table, path, fields, person, key, source, first):
    """Loads a CSV file; returns the number after its last record."""
    with open_text(path) as file:
        header = file.readline().rstrip("\r\n").split(",")
    names = [name.strip().strip('"') for name in header]
    missing = [name for name in (key, *fields) if name not in names]
    if missing:
        raise SystemExit(f"{Path(path).name} has no column {', '.join(missing)}: is DIR the folder of this data set?")
    connection.execute(
        f"""
        create table {table} as
        select {first} + row_number() over () - 1 as record, trim({key}) as rec_id,
            '{source}' as source_name, {", ".join(_clean(field) for field in fields)}
        from read_csv(?, header = true, all_varchar = true, names = ?, parallel = false, nullstr = '')
        """,
        [str(path), names],
    )
    connection.execute(
        f"insert into truth select record, {person}, '{source}' from {table}"
    )
    return first + connection.execute(f"select count(*) from {table}").fetchall()[0][0]


def open_text(path):
    if str(path).endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8")
    return open(path, encoding="utf-8-sig")


FEBRL_PERSON = "regexp_extract(rec_id, '^(rec-[0-9]+)-', 1)"


def _finish(connection, name, tables, fields, between_sources, twins=None):
    rows = connection.execute(
        """
        select record, dense_rank() over (order by person) - 1 as person,
            dense_rank() over (order by source) - 1 as source
        from truth order by record
        """
    ).fetchnumpy()
    twin = np.empty(0, dtype=np.int64)
    if twins is not None:
        connection.execute(
            "create table twins as select * from read_csv(?, header = true, all_varchar = true)", [str(twins)]
        )
        prefix = "rec-" if name in CHILDREN else ""
        pairs = connection.execute(
            f"""
            with people as (select person, dense_rank() over (order by person) - 1 as number
                from (select distinct person from truth))
            select a.number as person, b.number as twin from twins
            join people a on a.person = '{prefix}' || twins.person
            join people b on b.person = '{prefix}' || twins.twin
            """
        ).fetchnumpy()
        twin = np.full(int(rows["person"].max()) + 1, -1, dtype=np.int64)
        twin[pairs["person"]] = pairs["twin"]
    truth = Truth(
        rows["person"].astype(np.int64), rows["source"].astype(np.int64), between_sources, twin
    )
    return LinkageSet(name, tables, fields, truth)


def load(connection, name, folder):
    """Loads the set `name`; `folder` is DATA, or the generated folder of a large set."""
    folder = Path(folder)
    connection.execute("create table truth (record bigint, person varchar, source varchar)")

    def read(table, path, fields, person, key="rec_id", source=None, first=0):
        if not Path(path).is_file():
            raise SystemExit(f"{path} is not there: give the folder of the data set {name}.")
        return _read(connection, table, path, fields, person, key, source or table, first)

    if name in ("febrl4", "febrl4-half", *CHILDREN):
        files = {
            "febrl4": ("febrl/dataset4a.csv", "febrl/dataset4b.csv"),
            "febrl4-half": ("febrl/half4a.csv", "febrl/half4b.csv"),
        }.get(name, ("a.csv", "b.csv"))
        fields = PERSON_FIELDS if name in CHILDREN else FEBRL_FIELDS
        after = read("source_a", folder / files[0], fields, FEBRL_PERSON)
        read("source_b", folder / files[1], fields, FEBRL_PERSON, first=after)
        twins = folder / "twins.csv" if name in CHILDREN else None
        return _finish(connection, name, ["source_a", "source_b"], fields, True, twins)
    if name in ("febrl1", "febrl2", "febrl3"):
        read("records", folder / f"febrl/dataset{name[-1]}.csv", FEBRL_FIELDS, FEBRL_PERSON)
        return _finish(connection, name, ["records"], FEBRL_FIELDS, False)
    if name == "historical_50k":
        fields = ("first_name", "surname", "dob", "birth_place", "postcode_fake", "gender", "occupation")
        read("records", folder / "linkage/historical_50k.csv.gz", fields,
             "regexp_extract(rec_id, '^(Q[0-9]+)-', 1)", key="unique_id")
        return _finish(connection, name, ["records"], fields, False)
    if name == "fake_1000":
        fields = ("first_name", "surname", "dob", "city", "email")
        path = folder / "linkage/fake_1000.csv"
        read("records", path, fields, "''", key="unique_id")
        connection.execute("delete from truth")
        connection.execute(
            """
            insert into truth select record, trim(cluster), 'records' from records
            join read_csv(?, header = true, all_varchar = true) as labels on trim(labels.unique_id) = records.rec_id
            """,
            [str(path)],
        )
        return _finish(connection, name, ["records"], fields, False)
    if name == "county200k":
        return _load_county(connection, folder)
    raise SystemExit(f"There is no data set {name}; README.md names them.")


def source_names(data):
    """What the sources are called in files of pairs: a and b, records, or those of the county."""
    return [table.removeprefix("source_") for table in data.tables]


def _names_of_records(data):
    return " union all ".join(
        f"select record, rec_id, '{name}' as source from {table}"
        for name, table in zip(source_names(data), data.tables)
    )


def write_pairs(connection, data, table, path):
    """Writes the predictions of Splink as CSV: source_l,id_l,source_r,id_r,weight."""
    connection.execute(
        f"""
        copy (with known as ({_names_of_records(data)})
            select l.source as source_l, l.rec_id as id_l, r.source as source_r, r.rec_id as id_r,
                match_weight::double as weight
            from {table} join known l on l.record = record_l join known r on r.record = record_r)
        to '{path}' (format csv, header)
        """
    )


def read_pairs(connection, data, path):
    """Record numbers and weights of such a file, each pair once; a record not known is an error."""
    connection.execute(
        """
        create table pairs as select source_l, id_l, source_r, id_r, weight
        from read_csv(?, header = true, types = {'id_l': 'varchar', 'id_r': 'varchar', 'weight': 'double'})
        """,
        [str(path)],
    )
    pairs = connection.execute(
        f"""
        with known as ({_names_of_records(data)})
        select l.record::bigint as l, r.record::bigint as r, weight from pairs
        left join known l on l.source = source_l and l.rec_id = id_l
        left join known r on r.source = source_r and r.rec_id = id_r
        """
    ).fetchnumpy()
    for side in ("l", "r"):
        unknown = int(np.ma.count_masked(pairs[side]))
        if unknown:
            raise SystemExit(
                f"{unknown} pairs name a record that the data set does not have: the sources are "
                + ", ".join(source_names(data)) + ", the ids those of the data's files."
            )
    left, right = np.minimum(pairs["l"], pairs["r"]), np.maximum(pairs["l"], pairs["r"])
    if len(np.unique(left * (int(right.max(initial=0)) + 1) + right)) != len(left):
        raise SystemExit("A pair stands more than once in the file of pairs: write each once.")
    return np.asarray(left), np.asarray(right), np.asarray(pairs["weight"], dtype=float)


def _load_county(connection, folder):
    """One record per subject of a source: its last identity, and all its names and homes."""
    path = folder / "identities.csv"
    if not path.is_file():
        raise SystemExit(f"{path} is not there: make it with flatten_county.py.")
    connection.execute(
        f"""
        create table identities as
        select row_number() over () as line, source as source_name, subject,
            {", ".join(_clean(field) for field in COUNTY_FIELDS)}
        from read_csv(?, header = true, all_varchar = true, parallel = false, nullstr = '')
        """,
        [str(path)],
    )
    last = (f"last({field} order by line) filter ({field} is not null) as {field}" for field in COUNTY_FIELDS)
    connection.execute(
        f"""
        create table subjects as
        select row_number() over (order by source_name, subject) - 1 as record, subject as rec_id, source_name,
            {", ".join(last)},
            list_distinct(list(postcode order by line) filter (postcode is not null)) as postcodes,
            list_distinct(list(surname order by line) filter (surname is not null)) as surnames
        from identities group by source_name, subject
        """
    )
    connection.execute(
        """
        insert into truth select record, person, source from subjects
        join read_csv(?, header = true, all_varchar = true) as known
        on known.source = subjects.source_name and known.subject = subjects.rec_id
        """,
        [str(folder / "truth.csv")],
    )
    tables = []
    for source in COUNTY_SOURCES:
        connection.execute(f"create table source_{source} as select * from subjects where source_name = '{source}'")
        tables.append(f"source_{source}")
    return _finish(connection, "county200k", tables, COUNTY_FIELDS, True, folder / "twins.csv")
