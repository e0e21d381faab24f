"""The generated children: the same each time, and with what was asked for."""

import csv
import tempfile
import unittest
from pathlib import Path

import make_children


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Children(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        make_children.write(cls.path, 4000, 0.6, 5)
        cls.a, cls.b = rows(cls.path / "a.csv"), rows(cls.path / "b.csv")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def person(self, row):
        return row["rec_id"].split("-")[1]

    def test_as_many_as_asked_for(self):
        self.assertEqual((len(self.a), len(self.b)), (4000, 4000))
        self.assertEqual(len({self.person(row) for row in self.a} & {self.person(row) for row in self.b}), 2400)

    def test_one_seed_one_county_of_children(self):
        with tempfile.TemporaryDirectory() as again, tempfile.TemporaryDirectory() as other:
            make_children.write(Path(again), 4000, 0.6, 5)
            make_children.write(Path(other), 4000, 0.6, 6)
            for name in ("a.csv", "b.csv", "twins.csv", "people.csv"):
                self.assertEqual((self.path / name).read_bytes(), (Path(again) / name).read_bytes())
            self.assertNotEqual((self.path / "a.csv").read_bytes(), (Path(other) / "a.csv").read_bytes())

    def test_twins_are_two_people_born_on_one_day_in_one_family(self):
        family = {row["person"]: row["family"] for row in rows(self.path / "people.csv")}
        twins = {row["person"]: row["twin"] for row in rows(self.path / "twins.csv")}
        self.assertGreater(len(twins), 40)
        born, named = {}, {}
        for row in self.a:
            born[self.person(row)], named[self.person(row)] = row["date_of_birth"], row["given_name"]
        alike = [born[one] == born[other] for one, other in twins.items() if one in born and other in born]
        self.assertGreater(sum(alike) / len(alike), 0.95)
        for one, other in twins.items():
            self.assertEqual(twins[other], one)
            self.assertEqual(family[one], family[other])
            if named.get(one):
                self.assertNotEqual(named.get(one), named.get(other))

    def test_about_as_many_errors_as_stated(self):
        other = {self.person(row): row for row in self.b}
        both = [(row, other[self.person(row)]) for row in self.a if self.person(row) in other]

        def agreeing(field):
            return sum(one[field] == two[field] for one, two in both) / len(both)

        self.assertAlmostEqual(agreeing("postcode"), 0.67, delta=0.03)
        self.assertAlmostEqual(agreeing("date_of_birth"), 0.986, delta=0.008)
        self.assertAlmostEqual(agreeing("surname"), 0.885, delta=0.03)
        self.assertAlmostEqual(agreeing("given_name"), 0.89, delta=0.03)


if __name__ == "__main__":
    unittest.main()
