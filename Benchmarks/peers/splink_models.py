"""The Splink models: for each data set what Splink's documentation shows ("docs"), and a
model tuned by hand within what Splink offers ("tuned").

Sources of the "docs" models: the examples febrl3, febrl4, deduplicate_50k_synthetic (the
historical persons) and accuracy_analysis_from_labels_column (fake_1000) of Splink's
documentation, version 5; where an example uses soc_sec_id the models named "-ssid" keep it
and the others leave the field, its blocking rule and its deterministic rule out. The two
generated sets have no example; their "docs" models put together the comparisons that the
documentation recommends for such columns.

No model uses the truth, not even for the number of expected matches.
"""

from dataclasses import dataclass, field

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import block_on


@dataclass
class Model:
    """What is needed to train and run one model."""

    comparisons: list
    blocking: list
    # Rules that are nearly always right, and the share of the true pairs that they are
    # guessed to find: the estimate of how many pairs match.
    deterministic: list
    recall: float
    # Blocking rules of the sessions of expectation-maximisation.
    training: list
    u_pairs: float = 1e7
    # SQL expressions of columns that the comparisons need, by name.
    derived: dict = field(default_factory=dict)


# MARK: FEBRL


def _febrl_date():
    return cl.DateOfBirthComparison(
        "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
    )


def _febrl_swapped_names(*and_equal):
    rest = "".join(f" and l.{name} = r.{name}" for name in and_equal)
    return f"l.given_name = r.surname and l.surname = r.given_name{rest}"


def febrl4_docs(with_ssid):
    return Model(
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            _febrl_date(),
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_ssid else []),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("given_name", "surname"),
            _febrl_swapped_names(),
            block_on("date_of_birth"),
            *([block_on("soc_sec_id")] if with_ssid else []),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        deterministic=[
            *([block_on("soc_sec_id")] if with_ssid else [block_on("date_of_birth", "postcode")]),
            block_on("given_name", "surname", "date_of_birth"),
        ],
        recall=0.8,
        training=[block_on("date_of_birth"), block_on("postcode")],
        u_pairs=1e6,  # as in the example
    )


def febrl3_docs(with_ssid):
    return Model(
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2])] if with_ssid else []),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            *([block_on("soc_sec_id")] if with_ssid else []),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        deterministic=[
            *([block_on("soc_sec_id")] if with_ssid else [block_on("date_of_birth", "postcode")]),
            block_on("given_name", "surname", "date_of_birth"),
            _febrl_swapped_names("date_of_birth"),
        ],
        recall=0.9,
        training=[block_on("date_of_birth"), block_on("postcode")],
        u_pairs=1e6,  # as in the example
    )


def febrl_tuned():
    """All fields but soc_sec_id, names as one comparison, and wider blocking."""
    return Model(
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname", forename_surname_concat_col_name="full_name"),
            cl.CustomComparison(
                output_column_name="date_of_birth",
                comparison_levels=[
                    cll.NullLevel("date_of_birth"),
                    cll.ExactMatchLevel("date_of_birth", term_frequency_adjustments=True),
                    cll.DamerauLevenshteinLevel("date_of_birth", 1),
                    cll.DamerauLevenshteinLevel("date_of_birth", 2),
                    cll.ElseLevel(),
                ],
            ),
            cl.DamerauLevenshteinAtThresholds("street_number", [1]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_2", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("suburb", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("state").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("given_name", "surname"),
            _febrl_swapped_names(),
            block_on("date_of_birth"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
            block_on("suburb"),
            block_on("surname", "substr(date_of_birth, 1, 4)"),
            block_on("given_name", "substr(date_of_birth, 1, 4)"),
            block_on("street_number", "substr(date_of_birth, 1, 6)"),
        ],
        deterministic=[
            block_on("date_of_birth", "postcode"),
            block_on("given_name", "surname", "date_of_birth"),
        ],
        recall=0.85,
        training=[block_on("date_of_birth"), block_on("postcode"), block_on("address_1")],
        derived={"full_name": "given_name || ' ' || surname"},
    )


# MARK: Splink's own examples


def historical_docs():
    return Model(
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        deterministic=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
        training=[block_on("first_name", "surname"), block_on("dob")],
        derived={"first_name_surname_concat": "first_name || ' ' || surname"},
    )


def historical_tuned():
    """Wider blocking, and levels for dates and places that are partly right."""
    model = historical_docs()
    model.comparisons = [
        model.comparisons[0],
        cl.CustomComparison(
            output_column_name="dob",
            comparison_levels=[
                cll.NullLevel("dob"),
                cll.ExactMatchLevel("dob", term_frequency_adjustments=True),
                cll.DamerauLevenshteinLevel("dob", 1),
                cll.CustomLevel("substr(dob_l,1,4) = substr(dob_r,1,4)", "same year"),
                cll.CustomLevel("substr(dob_l,6) = substr(dob_r,6)", "same month and day"),
                cll.ElseLevel(),
            ],
        ),
        cl.PostcodeComparison("postcode_fake"),
        cl.JaroWinklerAtThresholds("birth_place", [0.88]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        cl.ExactMatch("gender"),
    ]
    model.blocking = [
        *model.blocking,
        block_on("dob"),
        block_on("postcode_fake"),
        block_on("first_name", "surname"),
        block_on("surname", "birth_place"),
        block_on("surname", "occupation"),
        block_on("substr(postcode_fake,1,4)", "substr(dob,1,4)"),
        block_on("substr(dob,1,4)", "birth_place", "first_name"),
        block_on("substr(dob,1,7)", "birth_place"),
        block_on("substr(postcode_fake,1,4)", "occupation"),
    ]
    return model


def fake_docs():
    return Model(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")],
        deterministic=[
            "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
            "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
        training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
        u_pairs=1e6,  # as in the example
    )


def fake_tuned():
    """Wider blocking (half of the cells are wrong or empty), names apart, dates by edits."""
    model = fake_docs()
    model.comparisons = [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
        cl.JaroWinklerAtThresholds("city", [0.88]).configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ]
    model.blocking = [
        *model.blocking,
        block_on("substr(dob,1,7)"),
        block_on("substr(dob,6)"),
        block_on("split_part(email,'@',1)"),
        block_on("split_part(email,'@',2)", "substr(email,1,2)"),
        block_on("substr(surname,1,3)", "city"),
        block_on("substr(first_name,1,3)", "city"),
        "l.first_name = r.surname",
        "l.surname = r.first_name",
    ]
    model.u_pairs = 1e7
    return model


# MARK: Children and county


def _names():
    return cl.ForenameSurnameComparison("given_name", "surname", forename_surname_concat_col_name="full_name")


def _iso_date():
    return cl.DateOfBirthComparison("date_of_birth", input_is_string=True)


def _parts_of_date():
    """Levels for a date whose day and month are exchanged, or of which one part is wrong."""
    left, right = "date_of_birth_l", "date_of_birth_r"

    def same(*ranges):
        return " and ".join(f"substr({left},{at},{count}) = substr({right},{at},{count})" for at, count in ranges)

    return cl.CustomComparison(
        output_column_name="date_of_birth",
        comparison_levels=[
            cll.NullLevel("date_of_birth"),
            cll.ExactMatchLevel("date_of_birth", term_frequency_adjustments=True),
            cll.CustomLevel(
                f"{same((1, 4))} and substr({left},6,2) = substr({right},9,2)"
                f" and substr({left},9,2) = substr({right},6,2)",
                "day and month exchanged",
            ),
            cll.CustomLevel(f"({same((1, 7))}) or ({same((1, 4), (9, 2))}) or ({same((6, 5))})", "two of three parts"),
            cll.ElseLevel(),
        ],
    )


PARTS_OF_NAMES = {
    "first_forename": "split_part(given_name, ' ', 1)",
    "surname_parts": "string_split(surname, ' ')",
}


def _names_apart():
    """Forename and surname for themselves: twins and siblings have one, those renamed the other."""

    def name(column, *extra):
        return cl.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                cll.NullLevel(column),
                cll.ExactMatchLevel(column, term_frequency_adjustments=True),
                cll.JaroWinklerLevel(column, 0.92),
                *extra,
                cll.JaroWinklerLevel(column, 0.8),
                cll.ElseLevel(),
            ],
        )

    one, other = "first_forename_l", "first_forename_r"
    return [
        name(
            "given_name",
            cll.CustomLevel(f"{one} = {other}", "first of several forenames"),
            cll.CustomLevel(
                f"(starts_with({one}, {other}) or starts_with({other}, {one}))"
                f" and length({one}) > 1 and length({other}) > 1",
                "short form",
            ),
        ),
        name(
            "surname",
            cll.CustomLevel("list_has_any(surname_parts_l, surname_parts_r)", "half of a double name"),
        ),
    ]


def children_docs():
    return Model(
        comparisons=[
            _names(),
            _iso_date(),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("sex"),
        ],
        blocking=[
            block_on("given_name", "surname", "postcode"),
            block_on("surname", "date_of_birth"),
            block_on("given_name", "date_of_birth"),
            block_on("postcode", "date_of_birth"),
            block_on("given_name", "surname", "substr(date_of_birth,1,7)"),
            block_on("given_name", "surname", "substr(date_of_birth,6)"),
        ],
        deterministic=[
            block_on("given_name", "surname", "date_of_birth"),
            block_on("given_name", "date_of_birth", "postcode"),
        ],
        recall=0.85,
        training=[block_on("given_name", "surname"), block_on("date_of_birth", "postcode")],
        derived={"full_name": "given_name || ' ' || surname"},
    )


def children_tuned():
    model = children_docs()
    model.comparisons = [
        *_names_apart(),
        _parts_of_date(),
        cl.PostcodeComparison("postcode").configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
    ]
    model.blocking = [
        *model.blocking,
        block_on("given_name", "postcode"),
        block_on("substr(given_name,1,1)", "substr(surname,1,3)", "date_of_birth"),
        block_on("given_name", "surname", "substr(date_of_birth,1,4)", "substr(date_of_birth,9)"),
        block_on("given_name", "surname", "split_part(postcode, ' ', 1)"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    model.training = [
        block_on("given_name", "surname"),
        block_on("date_of_birth", "postcode"),
        block_on("surname", "date_of_birth"),
    ]
    model.derived = dict(PARTS_OF_NAMES)
    return model


def county_docs():
    return Model(
        comparisons=[
            _names(),
            _iso_date(),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("nhs_number", 1),
        ],
        blocking=[
            block_on("nhs_number"),
            block_on("given_name", "surname", "postcode"),
            block_on("surname", "date_of_birth"),
            block_on("given_name", "date_of_birth"),
            block_on("postcode", "date_of_birth"),
            block_on("given_name", "surname", "substr(date_of_birth,1,7)"),
            block_on("given_name", "surname", "substr(date_of_birth,6)"),
        ],
        deterministic=[
            block_on("nhs_number"),
            block_on("given_name", "surname", "date_of_birth"),
        ],
        recall=0.9,
        training=[block_on("given_name", "surname"), block_on("date_of_birth", "postcode")],
        derived={"full_name": "given_name || ' ' || surname"},
    )


def county_tuned():
    """Names apart, parts of dates, and all postcodes and surnames that a source has seen."""
    model = county_docs()
    forename, surname = _names_apart()
    model.comparisons = [
        forename,
        cl.CustomComparison(
            output_column_name="surname",
            comparison_levels=[
                cll.NullLevel("surname"),
                cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
                cll.ArrayIntersectLevel("surnames", 1),
                cll.JaroWinklerLevel("surname", 0.92),
                cll.CustomLevel("list_has_any(surname_parts_l, surname_parts_r)", "half of a double name"),
                cll.JaroWinklerLevel("surname", 0.8),
                cll.ElseLevel(),
            ],
        ),
        _parts_of_date(),
        cl.CustomComparison(
            output_column_name="postcode",
            comparison_levels=[
                cll.NullLevel("postcode"),
                cll.ExactMatchLevel("postcode", term_frequency_adjustments=True),
                cll.ArrayIntersectLevel("postcodes", 1),
                cll.DamerauLevenshteinLevel("postcode", 1),
                cll.CustomLevel("split_part(postcode_l, ' ', 1) = split_part(postcode_r, ' ', 1)", "same district"),
                cll.ElseLevel(),
            ],
        ),
        cl.ExactMatch("sex"),
        cl.ExactMatch("nhs_number"),
    ]
    model.blocking = [
        *model.blocking,
        block_on("given_name", "postcode"),
        block_on("substr(given_name,1,1)", "substr(surname,1,3)", "date_of_birth"),
        block_on("given_name", "surname", "substr(date_of_birth,1,4)", "substr(date_of_birth,9)"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    model.training = [
        block_on("given_name", "surname"),
        block_on("date_of_birth", "postcode"),
        block_on("nhs_number"),
    ]
    model.derived = dict(PARTS_OF_NAMES)
    return model


MODELS = {
    "febrl1": {"docs": lambda: febrl3_docs(False), "docs-ssid": lambda: febrl3_docs(True), "tuned": febrl_tuned},
    "febrl2": {"docs": lambda: febrl3_docs(False), "docs-ssid": lambda: febrl3_docs(True), "tuned": febrl_tuned},
    "febrl3": {"docs": lambda: febrl3_docs(False), "docs-ssid": lambda: febrl3_docs(True), "tuned": febrl_tuned},
    "febrl4": {"docs": lambda: febrl4_docs(False), "docs-ssid": lambda: febrl4_docs(True), "tuned": febrl_tuned},
    "febrl4-half": {"docs": lambda: febrl4_docs(False), "tuned": febrl_tuned},
    "historical_50k": {"docs": historical_docs, "tuned": historical_tuned},
    "fake_1000": {"docs": fake_docs, "tuned": fake_tuned},
    "children100k": {"docs": children_docs, "tuned": children_tuned},
    "children500k": {"docs": children_docs, "tuned": children_tuned},
    "county200k": {"docs": county_docs, "tuned": county_tuned},
}
