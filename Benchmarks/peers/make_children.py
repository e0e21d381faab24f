"""Writes two registers of synthetic children, and the truth about them.

    make_children.py FOLDER [--records 500000] [--shared 0.6] [--seed 20]

a.csv, b.csv   rec_id,given_name,surname,date_of_birth,sex,postcode,entity. rec_id and entity
               tell the truth and are no fields to link by: `rec-N-org` in a and
               `rec-N-dup-0` in b are child N. Rows are shuffled.
twins.csv      person,twin: both directions.
people.csv     person,family,moved,renamed,double_barrelled: what is known of child N.
recipe.json    the arguments and the versions that made the files.

Nobody in it is real. What is modelled: families with siblings one to four years apart,
twins in 1.5 % of maternities (one date of birth, surname and address; same sex in 64 %, and
alike in their initial in 12 %), cousins at one postcode, double-barrelled surnames of which
one register keeps a half, families that moved between the two registers (30 %) or took
another surname (4 %), short forms of forenames, registers of birth that say "Baby" or
"Twin 1", and errors at the empirical rates of NHS records that CRATE publishes (Cardinal et
al., BMC Medical Informatics and Decision Making 23:85, 2023), made independently in each
register. They were born from September 2006 to August 2019.
"""

import argparse
import csv
import datetime
import json
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import names

# MARK: Rates

TWIN_MATERNITIES = 0.015
TWINS_OF_ONE_SEX = 0.64
TWINS_ALIKE = 0.12
CHILDREN_OF_FAMILY = (0.42, 0.38, 0.14, 0.06)
COUSINS = 0.03
HALF_SIBLINGS = 0.05
DOUBLE_BARRELLED = 0.07
MOVED = 0.30
MOVED_NEARBY = 0.6
RENAMED = 0.04
ORIGINS = (0.80, 0.05, 0.09, 0.04, 0.02)
OWN_SURNAMES = (0.0, 0.5, 0.85, 0.6, 0.9)

# Of one register, per record. CRATE: forename partly wrong in three ways of about 0.9 %
# each, mismatched 0.6 %; date wrong 0.49 %, of which 93 % in one part; sex 0.33 %; postcode
# mistyped 0.97 %, pseudo-postcode 0.2 %.
FORENAME_SLIP = 0.018
FORENAME_OTHER = 0.006
SHORT_FORM = 0.04
SECOND_FORENAME = 0.02
BIRTH_PLACEHOLDER = 0.003
SURNAME_SLIP = 0.015
SURNAME_OTHER = 0.013
HALF_OF_DOUBLE = 0.20
DOUBLE_TURNED = 0.03
NAMES_SWAPPED = 0.001
DATE_WRONG = 0.0049
DATE_PARTLY = 0.93
SEX_WRONG = 0.0033
POSTCODE_SLIP = 0.0097
PSEUDO_POSTCODE = 0.002
MISSING = {"given_name": 0.001, "surname": 0.0005, "date_of_birth": 0.002, "sex": 0.005, "postcode": 0.012}

HOMES_OF_POSTCODE = 10
FIRST_BIRTH = datetime.date(2006, 9, 1).toordinal()
LAST_BIRTH = datetime.date(2019, 8, 31).toordinal()
# Areas that the Royal Mail does not use.
AREAS = ("MS", "RS", "TB", "WB")
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


# MARK: Names


class Drawer:
    """Draws of a fixed list by weight."""

    def __init__(self, values, weights):
        self.values = np.array(values, dtype=object)
        cumulative = np.cumsum(np.array(weights, dtype=float))
        self.cumulative = cumulative / cumulative[-1]

    def draw(self, random, count):
        return self.values[np.searchsorted(self.cumulative, random.random(count), side="right")]


def by_rank(values, offset):
    return Drawer(values, [1 / (rank + 1 + offset) for rank in range(len(values))])


def british_surnames():
    """The published shares, and below them a generated tail that has the rest."""
    values = list(names.PUBLISHED_SURNAMES)
    shares = [share / 100 for share in names.PUBLISHED_SURNAMES.values()]
    for offset, name in enumerate(names.FOLLOWING_SURNAMES):
        values.append(name)
        shares.append(14 / (offset + 21 + 27))
    tail = [
        head + tail + ending
        for ending in ("", "s", "e")
        for tail in names.SURNAME_TAILS
        for head in names.SURNAME_HEADS
    ]
    weights = [1 / (rank + 2000) for rank in range(len(tail))]
    left = (100 - sum(shares)) / sum(weights)
    return Drawer(values + tail, shares + [left * weight for weight in weights])


def british_forenames(male):
    """One drawer for each era: its list, the lists of the eras beside it, and a tail."""
    eras = names.MALE_FORENAMES if male else names.FEMALE_FORENAMES
    closings = names.MALE_CLOSINGS if male else names.FEMALE_CLOSINGS
    tail = [
        opening + middle + closing
        for closing in closings
        for middle in names.FORENAME_MIDDLES
        for opening in names.FORENAME_OPENINGS
    ]
    drawers = []
    for listed, share in zip(eras, names.ERA_SHARES):
        others = sorted({name for era in eras for name in era} - set(listed))
        weights = [1 / (rank + 7) for rank in range(len(listed))]
        values = listed + others + tail
        weights = [share * weight / sum(weights) for weight in weights]
        weights += [(1 - share) * 0.6 / len(others)] * len(others)
        of_tail = [1 / (rank + 60) for rank in range(len(tail))]
        weights += [(1 - share) * 0.4 * weight / sum(of_tail) for weight in of_tail]
        drawers.append(Drawer(values, weights))
    return drawers


class NamePool:
    """Surnames by origin; forenames by origin, sex and year of birth."""

    def __init__(self):
        self.surnames = [british_surnames()] + [
            by_rank(values, 20)
            for values in (
                names.EUROPEAN_SURNAMES,
                names.SOUTH_ASIAN_SURNAMES,
                names.AFRICAN_SURNAMES,
                names.EAST_ASIAN_SURNAMES,
            )
        ]
        self.british = [british_forenames(False), british_forenames(True)]
        self.others = [
            [by_rank(values, 6) for values in lists]
            for lists in (
                (
                    names.EUROPEAN_FEMALE_FORENAMES,
                    names.SOUTH_ASIAN_FEMALE_FORENAMES,
                    names.AFRICAN_FEMALE_FORENAMES,
                    names.EAST_ASIAN_FEMALE_FORENAMES,
                ),
                (
                    names.EUROPEAN_MALE_FORENAMES,
                    names.SOUTH_ASIAN_MALE_FORENAMES,
                    names.AFRICAN_MALE_FORENAMES,
                    names.EAST_ASIAN_MALE_FORENAMES,
                ),
            )
        ]

    def surname(self, random, origin):
        result = self.surnames[0].draw(random, len(origin))
        own = random.random(len(origin)) < np.array(OWN_SURNAMES)[origin]
        for index in range(1, len(ORIGINS)):
            chosen = np.flatnonzero(own & (origin == index))
            result[chosen] = self.surnames[index].draw(random, len(chosen))
        return result

    def forename(self, random, origin, male, year):
        result = np.empty(len(origin), dtype=object)
        era = np.where(year < 1999, 0, np.where(year < 2009, 1, 2))
        own = (random.random(len(origin)) < 0.8) & (origin > 0)
        for sex in (0, 1):
            of_sex = male == bool(sex)
            for index in range(3):
                chosen = np.flatnonzero(of_sex & ~own & (era == index))
                result[chosen] = self.british[sex][index].draw(random, len(chosen))
            for index in range(1, len(ORIGINS)):
                chosen = np.flatnonzero(of_sex & own & (origin == index))
                result[chosen] = self.others[sex][index - 1].draw(random, len(chosen))
        return result


# MARK: Families


@dataclass
class Children:
    """What is true of each child; arrays of one length."""

    family: np.ndarray
    twin: np.ndarray  # index of the twin, -1 for none
    male: np.ndarray
    born: np.ndarray  # proleptic ordinal
    forename: np.ndarray
    surname: np.ndarray
    later_surname: np.ndarray
    origin: np.ndarray
    postcode: np.ndarray
    later_postcode: np.ndarray
    moved: np.ndarray
    renamed: np.ndarray


def births(random, children):
    """Family, date and twin of each child, families in order."""
    families = children  # more than enough: the loop ends early
    sizes = random.choice([1, 2, 3, 4], size=families, p=CHILDREN_OF_FAMILY)
    first = random.integers(FIRST_BIRTH, LAST_BIRTH + 1, size=families)
    family, born, twin = [], [], []
    for index in range(families):
        day = int(first[index])
        for _ in range(sizes[index]):
            family.append(index)
            born.append(day)
            twin.append(-1)
            if random.random() < TWIN_MATERNITIES:
                position = len(family)
                family.append(index)
                born.append(day)
                twin[-1] = position
                twin.append(position - 1)
            day += int(random.integers(440, 1500))
            if day > LAST_BIRTH:
                break
        if len(family) >= children + 1:
            break
    # Cut between families, so that no twin is lost.
    end = len(family)
    while end > children:
        index = family[end - 1]
        while end > 0 and family[end - 1] == index:
            end -= 1
    return np.array(family[:end]), np.array(born[:end]), np.array(twin[:end])


def postcodes(random, count):
    """Distinct postcodes and, for each, the range of those of the same district."""
    result, district = [], []
    number = 0
    while len(result) < count:
        area = AREAS[number % len(AREAS)]
        outward = f"{area}{number // len(AREAS) + 1}"
        for sector in range(10):
            units = random.permutation(len(INWARD_LETTERS) ** 2)[: int(random.integers(25, 60))]
            for unit in units:
                first, second = divmod(int(unit), len(INWARD_LETTERS))
                result.append(f"{outward} {sector}{INWARD_LETTERS[first]}{INWARD_LETTERS[second]}")
                district.append(number)
        number += 1
    return np.array(result[:count], dtype=object), np.array(district[:count])


def double_barrelled(one, other):
    return np.array([a if a == b else f"{a}-{b}" for a, b in zip(one, other)], dtype=object)


def make_children(random, pool, count):
    family, born, twin = births(random, count)
    families = int(family.max()) + 1
    origin = random.choice(len(ORIGINS), size=families, p=ORIGINS)
    surname = pool.surname(random, origin)
    double = np.flatnonzero(random.random(families) < DOUBLE_BARRELLED)
    surname[double] = double_barrelled(surname[double], pool.surname(random, origin[double]))
    units, district = postcodes(random, families // HOMES_OF_POSTCODE + 1)
    # Streets differ in how many children they have.
    busy = np.cumsum(random.gamma(2.0, size=len(units)))
    home = np.searchsorted(busy, random.random(families) * busy[-1])
    cousins = np.flatnonzero(random.random(families) < COUSINS)
    relatives = random.integers(0, families, size=len(cousins))
    home[cousins], surname[cousins], origin[cousins] = home[relatives], surname[relatives], origin[relatives]

    later = surname.copy()
    renamed = random.random(families) < RENAMED
    chosen = np.flatnonzero(renamed)
    other = pool.surname(random, origin[chosen])
    joins = random.random(len(chosen)) < 0.35
    later[chosen] = np.where(joins, double_barrelled(surname[chosen], other), other)
    moved = random.random(families) < MOVED
    later_home = home.copy()
    movers = np.flatnonzero(moved)
    begins = np.searchsorted(district, district[home[movers]], side="left")
    ends = np.searchsorted(district, district[home[movers]], side="right")
    nearby = begins + (random.random(len(movers)) * (ends - begins)).astype(int)
    anywhere = random.integers(0, len(units), size=len(movers))
    later_home[movers] = np.where(random.random(len(movers)) < MOVED_NEARBY, nearby, anywhere)

    male = random.random(len(family)) < 0.513
    second = np.flatnonzero((twin >= 0) & (twin < np.arange(len(family))))
    same = random.random(len(second)) < TWINS_OF_ONE_SEX
    male[second] = np.where(same, male[twin[second]], ~male[twin[second]])
    year = np.array([datetime.date.fromordinal(int(day)).year for day in born])
    forename = distinct_forenames(random, pool, family, origin[family], male, year, twin, second)

    own = surname[family]
    own_later = later[family]
    half = np.flatnonzero((random.random(len(family)) < HALF_SIBLINGS) & (twin < 0))
    own[half] = pool.surname(random, origin[family][half])
    own_later[half] = own[half]
    return Children(
        family, twin, male, born, forename, own, own_later, origin[family],
        units[home[family]], units[later_home[family]], moved[family], own != own_later,
    )


def distinct_forenames(random, pool, family, origin, male, year, twin, second):
    """Forenames, no two alike in a family; some twins share their initial."""
    forename = pool.forename(random, origin, male, year)
    alike = np.zeros(len(family), dtype=bool)
    alike[second] = random.random(len(second)) < TWINS_ALIKE

    def again(index):
        one = slice(index, index + 1)
        return pool.forename(random, origin[one], male[one], year[one])[0]

    taken = set()
    for index in range(len(family)):
        if index == 0 or family[index] != family[index - 1]:
            taken = set()
        wanted = forename[twin[index]][0] if alike[index] else ""
        for _ in range(200):
            if forename[index] not in taken and forename[index].startswith(wanted):
                break
            forename[index] = again(index)
        taken.add(forename[index])
    return forename


# MARK: Registers

SOUNDS = (
    ("ph", "f"), ("ie", "y"), ("ey", "y"), ("ck", "k"), ("ll", "l"), ("ss", "s"), ("tt", "t"), ("nn", "n"),
    ("ae", "e"), ("c", "k"), ("y", "ie"), ("l", "ll"), ("n", "nn"), ("i", "y"), ("e", "ee"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(random, name):
    """One slip of the ear or of the keyboard; the first letter is spared in most."""
    if len(name) < 3:
        return name
    if random.random() < 0.3:
        lower = name.lower()
        fits = [pair for pair in SOUNDS if pair[0] in lower[1:]]
        if fits:
            old, new = fits[random.integers(len(fits))]
            at = lower.index(old, 1)
            return name[:at] + new + name[at + len(old):]
    at = int(random.integers(0 if random.random() < 0.1 else 1, len(name)))
    letter = LETTERS[random.integers(26)]
    kind = random.integers(4)
    if kind == 0:
        return name[:at] + letter + name[at + 1:]
    if kind == 1:
        return name[:at] + name[at + 1:]
    if kind == 2:
        return name[:at] + letter + name[at:]
    at = min(max(at, 1), len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2:]


def wrong_date(random, born):
    """One part of the date wrong, or day and month exchanged; in a few all of it."""
    date = datetime.date.fromordinal(born)
    if random.random() >= DATE_PARTLY:
        return int(random.integers(FIRST_BIRTH, LAST_BIRTH + 1))
    kind = random.integers(5)
    year, month, day = date.year, date.month, date.day
    if kind == 0 and day <= 12 and day != month:
        month, day = day, month
    elif kind == 1:
        month = (month + int(random.integers(1, 12)) - 1) % 12 + 1
    elif kind == 2:
        year += 1 if random.random() < 0.5 else -1
    elif kind == 3:
        month, day = 1, 1
    else:
        day = (day + int(random.integers(1, 28)) - 1) % 28 + 1
    if (year, month) != (date.year, date.month):
        day = min(day, 28)
    return datetime.date(year, month, day).toordinal()


def wrong_postcode(random, postcode):
    at = int(random.integers(len(postcode) - 3, len(postcode)))
    letters = "0123456789" if postcode[at].isdigit() else INWARD_LETTERS
    return postcode[:at] + letters[random.integers(len(letters))] + postcode[at + 1:]


def unaccented(name):
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def register(random, pool, children, chosen, later):
    """Rows (given name, surname, date, sex, postcode) of the chosen children.

    `later` is the second register: it knows of moves and new surnames, writes no accents and
    has the names by which the children go; the first has the placeholders of births.
    """
    count = len(chosen)

    def amiss(rate):
        return np.flatnonzero(random.random(count) < rate)

    forename = children.forename[chosen]
    surname = (children.later_surname if later else children.surname)[chosen]
    born = children.born[chosen].copy()
    male = children.male[chosen].copy()
    postcode = (children.later_postcode if later else children.postcode)[chosen]
    origin = children.origin[chosen]
    years = np.array([datetime.date.fromordinal(int(day)).year for day in born])

    if later:
        for row in amiss(SHORT_FORM):
            forename[row] = names.SHORT_FORMS.get(forename[row], forename[row])
    rows = amiss(SECOND_FORENAME)
    seconds = pool.forename(random, origin[rows], male[rows], years[rows])
    for row, middle in zip(rows, seconds):
        forename[row] = f"{forename[row]} {middle}"
    for row in amiss(FORENAME_SLIP):
        forename[row] = slip(random, forename[row])
    rows = amiss(FORENAME_OTHER)
    forename[rows] = pool.forename(random, origin[rows], male[rows], years[rows])
    if not later:
        for row in amiss(BIRTH_PLACEHOLDER):
            index = chosen[row]
            twin = children.twin[index]
            forename[row] = "Baby" if twin < 0 else ("Twin 1" if twin > index else "Twin 2")

    for row in amiss(HALF_OF_DOUBLE):
        halves = surname[row].split("-")
        surname[row] = halves[random.integers(len(halves))]
    for row in amiss(DOUBLE_TURNED):
        surname[row] = " ".join(reversed(surname[row].split("-")))
    for row in amiss(SURNAME_SLIP):
        surname[row] = slip(random, surname[row])
    rows = amiss(SURNAME_OTHER)
    surname[rows] = pool.surname(random, origin[rows])
    rows = amiss(NAMES_SWAPPED)
    forename[rows], surname[rows] = surname[rows], forename[rows]

    for row in amiss(DATE_WRONG):
        born[row] = wrong_date(random, int(born[row]))
    rows = amiss(SEX_WRONG)
    male[rows] = ~male[rows]
    for row in amiss(POSTCODE_SLIP):
        postcode[row] = wrong_postcode(random, postcode[row])
    postcode[amiss(PSEUDO_POSTCODE)] = "ZZ99 3VZ"

    dates = np.array([datetime.date.fromordinal(int(day)).isoformat() for day in born], dtype=object)
    sexes = np.where(male, "M", "F").astype(object)
    columns = {"given_name": forename, "surname": surname, "date_of_birth": dates, "sex": sexes, "postcode": postcode}
    for name, rate in MISSING.items():
        columns[name][amiss(rate)] = ""
    if later:
        for name in ("given_name", "surname"):
            columns[name] = np.array([unaccented(value) for value in columns[name]], dtype=object)
    return columns


def write_register(path, random, columns, chosen, suffix):
    order = random.permutation(len(chosen))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["rec_id", *columns, "entity"])
        values = list(columns.values())
        for row in order:
            writer.writerow([f"rec-{chosen[row]}-{suffix}", *(column[row] for column in values), chosen[row]])


def write(folder, records, shared, seed):
    """Writes the two registers of `records` rows each, of which `shared` are in both."""
    random = np.random.Generator(np.random.PCG64(seed))
    pool = NamePool()
    both = round(records * shared)
    # Children come in families, so a few more than needed are made and left out.
    children = make_children(random, pool, 2 * records - both + 8)
    order = random.permutation(len(children.family))
    if len(order) < 2 * records - both:
        raise SystemExit("Too few children were born: this is a fault of make_children.py.")
    in_a = np.sort(order[:records])
    in_b = np.sort(np.concatenate([order[:both], order[records:2 * records - both]]))
    folder.mkdir(parents=True, exist_ok=True)
    write_register(folder / "a.csv", random, register(random, pool, children, in_a, False), in_a, "org")
    write_register(folder / "b.csv", random, register(random, pool, children, in_b, True), in_b, "dup-0")
    with open(folder / "twins.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["person", "twin"])
        writer.writerows((index, twin) for index, twin in enumerate(children.twin) if twin >= 0)
    with open(folder / "people.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["person", "family", "moved", "renamed", "double_barrelled"])
        for index in range(len(children.family)):
            writer.writerow([
                index, children.family[index], int(children.moved[index]), int(children.renamed[index]),
                int("-" in children.surname[index] or "-" in children.later_surname[index]),
            ])
    recipe = {
        "records": records, "shared": shared, "seed": seed,
        "python": sys.version.split()[0], "numpy": np.__version__,
    }
    # Last, so that an interrupted run is not taken for a complete one.
    (folder / "recipe.json").write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Write two registers of synthetic children.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=500_000, help="rows of each register")
    parser.add_argument("--shared", type=float, default=0.6, help="share of the children in both")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    if arguments.records < 10 or not 0 < arguments.shared <= 1:
        parser.error("--records must be 10 or more, and --shared above 0 and at most 1.")
    write(arguments.folder, arguments.records, arguments.shared, arguments.seed)


if __name__ == "__main__":
    main()
