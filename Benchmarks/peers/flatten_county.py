"""Brings the extracts of a synthetic county into the form that a linker is given.

    flatten_county.py FOLDER

FOLDER is what `stile synth FOLDER --people N --seed S --nights 1` wrote. Added to it:

identities.csv   source,subject,given_name,surname,date_of_birth,sex,postcode,uprn,nhs_number,upn:
                 each distinct identity of a subject once, in the order in which its source last
                 recorded it. The sources are those of records.COUNTY_SOURCES.
truth.csv        source,subject,person: the subjects of identities.csv only.
twins.csv        person,twin: both directions.
"""

import argparse
import csv
import gzip
from pathlib import Path

from records import COUNTY_FIELDS

# Source: files with identities, the subject's column, and columns named otherwise than the field.
FILES = {
    "gp": (("patients",), "patient_id", {}),
    "hospital": (("admissions", "attendances", "outpatients"), "local_patient_id", {}),
    "school": (("pupils",), "upn", {"sex": "gender"}),
    "childrens_social_care": (("children",), "child_id", {}),
}


def rows_of(path):
    opened = gzip.open(path, "rt", encoding="utf-8-sig", newline="") if path.suffix == ".gz" else open(
        path, encoding="utf-8-sig", newline="")
    with opened as file:
        yield from csv.DictReader(file)


def identities(folder, source):
    """Identity to the day it was last recorded, for each subject."""
    stems, key, renamed = FILES[source]
    columns = {field: renamed.get(field, field) for field in COUNTY_FIELDS}
    columns["given_name"] = "forename"
    result = {}
    for night in sorted((folder / "nights").iterdir()):
        for stem in stems:
            for path in sorted((night / source).glob(f"{stem}_*")):
                for row in rows_of(path):
                    identity = tuple(row.get(column) or "" for column in columns.values())
                    identity = tuple("" if value == "NULL" else value for value in identity)
                    known = result.setdefault(row[key], {})
                    known[identity] = max(known.get(identity, ""), row["recorded_on"])
    return result


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def flatten(folder):
    subjects = set()
    lines = []
    for source in FILES:
        for subject, known in sorted(identities(folder, source).items()):
            subjects.add((source, subject))
            for identity, _ in sorted(known.items(), key=lambda entry: (entry[1], entry[0])):
                lines.append((source, subject, *identity))
    truth = [
        (row["source"], row["subject"], row["person"])
        for row in rows_of(folder / "truth" / "subjects.csv")
        if (row["source"], row["subject"]) in subjects
    ]
    if len(truth) != len(subjects):
        raise SystemExit(f"The truth knows {len(truth)} of {len(subjects)} subjects: is the county complete?")
    twins = [(row["person"], row["twin"]) for row in rows_of(folder / "truth" / "people.csv") if row["twin"]]
    write(folder / "twins.csv", ["person", "twin"], twins)
    write(folder / "truth.csv", ["source", "subject", "person"], truth)
    # Last, so that an interrupted run is not taken for a complete one.
    write(folder / "identities.csv", ["source", "subject", *COUNTY_FIELDS], lines)


def main():
    parser = argparse.ArgumentParser(description="Bring a synthetic county into the form that a linker is given.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not (folder / "truth" / "subjects.csv").is_file():
        raise SystemExit(f"{folder} is no synthetic county: make one with `stile synth`.")
    flatten(folder)


if __name__ == "__main__":
    main()
