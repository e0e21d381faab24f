"""The loaders, on files written here, and the way of pairs out to a file and back."""

import tempfile
import unittest
from pathlib import Path

import duckdb

import flatten_county
import make_children
import quality
import records
import referee

FEBRL_HEADER = "rec_id, " + ", ".join(records.FEBRL_FIELDS)


def write(folder, name, *lines):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Records(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def febrl(self):
        write(self.path, "febrl/dataset4a.csv", FEBRL_HEADER,
              "rec-0-org, ann, o'day-mcfee, 1, a st, , b, 2000, nsw, 19990101, 1",
              "rec-1-org, bo, , 1, a st, , b, 2000, nsw, 19990101, 2")
        write(self.path, "febrl/dataset4b.csv", FEBRL_HEADER,
              "rec-0-dup-0, Ann, Oday  Mcfee, 1, a st, , b, 2000, nsw, 19990101, 1")

    def test_fields_are_cleaned_and_the_truth_is_in_the_id(self):
        self.febrl()
        connection = duckdb.connect()
        data = records.load(connection, "febrl4", self.path)
        rows = connection.execute("select given_name, surname, address_2 from source_a order by record").fetchall()
        self.assertEqual(rows, [("ann", "oday mcfee", None), ("bo", None, None)])
        self.assertEqual(connection.execute("select given_name, surname from source_b").fetchall(), [("ann", "oday mcfee")])
        self.assertEqual((data.truth.pairs, len(data.truth.person), data.two_sources), (1, 3, True))

    def test_the_referee_reads_what_a_linker_wrote(self):
        self.febrl()
        write(self.path, "pairs.csv", "source_l,id_l,source_r,id_r,weight",
              "b,rec-0-dup-0,a,rec-0-org,7.5", "a,rec-1-org,b,rec-0-dup-0,-2")
        result = referee.judge("febrl4", self.path, self.path / "pairs.csv", "test")
        self.assertEqual((result["pair_f1"], result["pair_threshold"], result["compared_pairs"]), (1, 7.5, 2))

    def test_an_unknown_record_and_a_pair_twice_are_refused(self):
        self.febrl()
        header = "source_l,id_l,source_r,id_r,weight"
        for lines in (["a,rec-9-org,b,rec-0-dup-0,1"], ["a,rec-0-org,b,rec-0-dup-0,1", "b,rec-0-dup-0,a,rec-0-org,1"]):
            write(self.path, "pairs.csv", header, *lines)
            with self.assertRaises(SystemExit):
                referee.judge("febrl4", self.path, self.path / "pairs.csv", "test")

    def test_another_folder_is_refused_with_its_name(self):
        with self.assertRaisesRegex(SystemExit, "febrl4"):
            records.load(duckdb.connect(), "febrl4", self.path)

    def test_children_of_any_number_are_two_registers_with_twins(self):
        make_children.write(self.path, 2000, 0.6, 5)
        for name in records.CHILDREN:
            data = records.load(duckdb.connect(), name, self.path)
            self.assertTrue(data.two_sources)
            self.assertEqual((len(data.truth.person), data.truth.pairs), (4000, 1200))
            self.assertGreater(len(quality.twin_pairs(data.truth)), 10)

    def test_a_county_keeps_the_last_identity_of_a_subject_and_all_its_homes(self):
        write(self.path, "nights/2026-01-01/gp/patients_2026-01-01.csv",
              "patient_id,nhs_number,forename,surname,date_of_birth,sex,postcode,uprn,recorded_on",
              "P1,9990000000,Zoë,Baby,2010-01-02,F,MS1 0AA,1,2020-01-01",
              "P2,NULL,Baby,Long,2010-01-02,F,ZZ99 3VZ,1,2020-01-01")
        write(self.path, "nights/2026-01-01/hospital/admissions_2026-01-01.csv",
              "admission_id,local_patient_id,nhs_number,forename,surname,date_of_birth,sex,postcode,recorded_on",
              "A1,H1,9990000000,Zoe,Long,2010-01-02,F,MS1 0BB,2021-01-01",
              "A2,H1,,Zoe,Short,2010-01-02,F,MS1 0AA,2022-01-01",
              "A3,H1,9990000000,Zoe,Long,2010-01-02,F,MS1 0BB,2020-06-01")
        write(self.path, "truth/subjects.csv", "source,subject,person", "gp,P1,0", "gp,P2,1", "hospital,H1,0", "police,N1,0")
        write(self.path, "truth/people.csv", "person,twin", "0,1", "1,0")
        flatten_county.flatten(self.path)
        connection = duckdb.connect()
        data = records.load(connection, "county200k", self.path)
        rows = connection.execute(
            "select given_name, surname, nhs_number, postcode, list_sort(postcodes) from subjects order by source_name, rec_id"
        ).fetchall()
        self.assertEqual(rows, [
            ("zoe", "baby", "9990000000", "ms1 0aa", ["ms1 0aa"]),
            (None, "long", None, None, None),
            ("zoe", "short", "9990000000", "ms1 0aa", ["ms1 0aa", "ms1 0bb"]),
        ])
        self.assertEqual(data.truth.pairs, 1)
        self.assertEqual(len(quality.twin_pairs(data.truth)), 1)


if __name__ == "__main__":
    unittest.main()
