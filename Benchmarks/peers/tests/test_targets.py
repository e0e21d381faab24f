"""Targets are judged by what was found, and by nothing else."""

import json
import tempfile
import unittest
from pathlib import Path

import table
import targets

DEFAULT = "salt: date_of_birth, fold: false, diffusion: 3, flip: 0.0"
NONE = "salt: none, fold: false, diffusion: 0, flip: 0.0"


def stile(name, variant, **values):
    return {"set": name, "system": "Stile", "variant": variant, "dial": DEFAULT} | values


def splink(name, variant, **values):
    return {"set": name, "system": "Splink", "variant": variant} | values


def rows(part, results=(), linkings=()):
    """The judgements by what they are of."""
    return {
        (row.target, row.name, row.dial): row
        for row in part(targets.Results(list(results), list(linkings)))
    }


def row(judged, name, dial, beginning=""):
    found = [one for key, one in judged.items() if key[1:] == (name, dial) and key[0].startswith(beginning)]
    assert len(found) == 1, found
    return found[0]


def finding(form, first, blind, field="given_name"):
    return {"form": form, "first": first, "blind": blind, "field": field, "method": "pattern_mining"}


def linking(seconds, megabytes=500, pairs=6_800_000, delta=0.5, untouched=0, new=10_000, records=990_000, **more):
    def run(name, seconds, versions):
        result = {"name": name, "new_versions": versions, "candidate_pairs": pairs, "seconds": seconds,
                  "processor_seconds": seconds, "peak_rss_mb": megabytes}
        if more.get("as_night"):
            result |= {"night_seconds": seconds + 1, "night_processor_seconds": seconds, "night_peak_rss_mb": megabytes}
        return result

    return {"set": "children500k", "system": "Stile", "kind": "linking",
            "runs": [run("all", seconds, records), run("delta", delta, new) | {"moved_untouched_subjects": untouched}]} | more


class Nothing(unittest.TestCase):
    def test_what_no_result_tells_is_not_measured(self):
        judged = targets.judge(targets.Results([], []))
        self.assertEqual({one.verdict for one in judged}, {targets.NOT_MEASURED})
        # F1s, gaps, estimates, twins, attacks on three forms, and speed.
        self.assertEqual(len(judged), 29 + 27 + 17 + 3 + 3 * 17 + 4)
        self.assertTrue(targets.text(judged).endswith(f"0 met, 0 missed, {len(judged)} not measured."))


class Rates(unittest.TestCase):
    def test_an_f1_by_its_number_with_splinks_best_of_the_same_fields_beside_it(self):
        judged = rows(targets.of_f1, [
            stile("historical_50k", "own dial", pair_f1=0.85, cluster_f1=0.8699),
            stile("historical_50k", "own dial, refereed", pair_f1=0.1, cluster_f1=0.1),
            splink("historical_50k", "docs", pair_f1=0.767), splink("historical_50k", "tuned", pair_f1=0.828),
            splink("historical_50k", "docs-ssid", pair_f1=0.99),
        ])
        pairs = row(judged, "historical_50k", "own dial", "best F1 of pairs ≥ 0.84")
        self.assertEqual((pairs.verdict, pairs.found, pairs.beside), (targets.MET, "0.8500", "Splink tuned 0.8280"))
        self.assertEqual(row(judged, "historical_50k", "own dial", "best F1 of clusters ≥ 0.87").verdict, targets.MISSED)
        self.assertEqual(row(judged, "historical_50k", "own dial", "best F1 of pairs ≥ Splink").verdict, targets.MET)
        self.assertEqual(row(judged, "historical_50k", "default dial", "best F1 of pairs ≥ 0.84").verdict, targets.NOT_MEASURED)

    def test_splink_is_to_be_reached_and_in_the_county_surpassed(self):
        judged = rows(targets.of_f1, [
            stile("febrl1", "own dial", cluster_f1=1.0), splink("febrl1", "tuned", cluster_f1=1.0),
            stile("county200k", "default dial", cluster_f1=0.996), splink("county200k", "tuned", cluster_f1=0.996),
            stile("fake_1000", "own dial", cluster_f1=0.99),
        ])
        self.assertEqual(row(judged, "febrl1", "own dial").verdict, targets.MET)
        self.assertEqual(row(judged, "county200k", "default dial").verdict, targets.MISSED)
        # Nobody to compare with.
        self.assertEqual(row(judged, "fake_1000", "own dial").verdict, targets.NOT_MEASURED)

    def test_a_gap_is_allowed_more_where_names_are_hardened(self):
        judged = rows(targets.of_gap, [
            stile("fake_1000", "in the clear", cluster_f1=0.98),
            stile("fake_1000", "own dial", cluster_f1=0.9775, dial="salt: none, fold: false, diffusion: 3, flip: 0.05"),
            stile("fake_1000", "no hardening", cluster_f1=0.9775, dial=NONE),
            stile("febrl1", "own dial", cluster_f1=1.0),
        ])
        hardened, plain = row(judged, "fake_1000", "own dial"), row(judged, "fake_1000", "no hardening")
        self.assertEqual((hardened.verdict, hardened.found), (targets.MET, "0.0025"))
        self.assertEqual((plain.verdict, plain.target), (targets.MISSED, "gap to the clear, best F1 of groups ≤ 0.002"))
        self.assertEqual(row(judged, "fake_1000", "default dial").verdict, targets.NOT_MEASURED)
        # Without the clear there is no gap, however good the encodings link.
        self.assertEqual(row(judged, "febrl1", "own dial").verdict, targets.NOT_MEASURED)

    def test_the_dial_tells_whether_names_are_hardened(self):
        for dial, hardened in (
            (NONE, False), (DEFAULT, True), (NONE.replace("0.0", "0.02"), True), (NONE.replace("false", "true"), True),
            (NONE.replace("diffusion: 0", "diffusion: 2"), True),
        ):
            self.assertEqual(targets.is_hardened(dial), hardened, dial)

    def test_precision_and_recall_must_both_be_as_expected(self):
        values = {"chosen_precision": 0.98, "chosen_recall": 0.95, "chosen_expected_precision": 0.985,
                  "chosen_expected_precision_low": 0.981, "chosen_expected_precision_high": 0.99,
                  "chosen_expected_recall": 0.961, "chosen_expected_recall_low": 0.94, "chosen_expected_recall_high": 0.97}
        judged = rows(targets.of_estimate, [
            stile("febrl4", "own dial", **values),
            stile("febrl4", "default dial", **values | {"chosen_expected_recall": 0.945}),
        ])
        missed = row(judged, "febrl4", "own dial")
        self.assertEqual((missed.verdict, missed.found), (targets.MISSED, "P +0.50, R +1.10 points"))
        self.assertEqual(missed.beside, "range of P does not hold, of R holds")
        met = row(judged, "febrl4", "default dial")
        self.assertEqual((met.verdict, met.found), (targets.MET, "P +0.50, R −0.50 points"))

    def test_twins(self):
        judged = rows(targets.of_twins, [
            stile("county200k", "default dial", one_to_one_twins_linked=0.02),
            stile("children500k", "default dial", one_to_one_twins_linked=0.021),
            splink("county200k", "docs", cluster_twins_linked=0.5), splink("county200k", "tuned", cluster_twins_linked=0.3),
        ])
        self.assertEqual(row(judged, "county200k", "default dial").verdict, targets.MET)
        self.assertEqual(row(judged, "county200k", "default dial").beside, "Splink tuned 30.0 %")
        self.assertEqual(row(judged, "children500k", "default dial").verdict, targets.MISSED)
        self.assertEqual(row(judged, "children100k", "default dial").verdict, targets.NOT_MEASURED)


class Attacks(unittest.TestCase):
    def test_what_is_read_beyond_blind_counts_and_the_worst_of_each_form(self):
        judged = rows(targets.of_attack, [
            stile("febrl1", "default dial", attack_findings=[
                finding("filter", 0.20, 0.195), finding("filter", 0.03, 0.015, "surname"),
                finding("token", 0.012, 0.0111, "block.names"), finding("token set", 0.001, 0.0005, "block.home"),
            ]),
        ])
        filters = row(judged, "febrl1", "default dial", "names read from filters")
        self.assertEqual((filters.verdict, filters.found), (targets.MISSED, "+1.50 points"))
        self.assertEqual(filters.beside, "3.00 % (blind 1.50 %) from surname by pattern mining")
        tokens = row(judged, "febrl1", "default dial", "names read from blocking tokens")
        self.assertEqual((tokens.verdict, tokens.found), (targets.MET, "+0.09 points"))
        self.assertEqual(row(judged, "febrl1", "default dial", "names read from stored bands").verdict, targets.NOT_MEASURED)


class Speed(unittest.TestCase):
    def test_seconds_and_memory_both_count(self):
        for one, verdict in ((linking(7.9), targets.MET), (linking(8.1), targets.MISSED), (linking(5, 601), targets.MISSED),
                             (linking(1, records=30_000), targets.NOT_MEASURED)):
            judged = rows(targets.of_speed, linkings=[one])
            self.assertEqual(row(judged, "children500k", "default dial", "500,000").verdict, verdict)
        self.assertEqual(row(judged, "children500k", "default dial", "44,000,000").verdict, targets.NOT_MEASURED)

    def test_fewer_pairs_than_asked_for_meet_nothing(self):
        for pairs, seconds, verdict in (
            (20_000_000, 5, targets.NOT_MEASURED), (20_000_000, 11, targets.MISSED), (45_000_000, 9, targets.MET),
            (45_000_000, 11, targets.MISSED), (61_000_000, 9, targets.MET), (61_000_000, 11, "missed with more pairs"),
        ):
            many = linking(seconds, pairs=pairs, candidates_per_record=340)
            judged = rows(targets.of_speed, linkings=[many])
            self.assertEqual(row(judged, "children500k", "default dial", "44,000,000").verdict, verdict, (pairs, seconds))
            self.assertEqual(row(judged, "children500k", "default dial", "500,000").verdict, targets.NOT_MEASURED)

    def test_a_delta_must_be_fast_large_enough_and_leave_others_alone(self):
        for one, verdict in (
            (linking(7), targets.MET), (linking(7, delta=1.01), targets.MISSED), (linking(7, untouched=1), targets.MISSED),
            (linking(7, new=9_999), targets.NOT_MEASURED), (linking(7, records=30_000), targets.NOT_MEASURED),
        ):
            judged = rows(targets.of_speed, linkings=[one])
            delta, night = (one for key, one in judged.items() if key[0].startswith("10,000 onto"))
            self.assertEqual((delta.verdict, night.verdict), (verdict, targets.NOT_MEASURED))
        judged = rows(targets.of_speed, linkings=[linking(7, as_night=True)])
        delta, night = (one for key, one in judged.items() if key[0].startswith("10,000 onto"))
        self.assertEqual((delta.verdict, night.verdict, night.found),
                         (targets.NOT_MEASURED, targets.MISSED, "1.50 s, 0 untouched subjects moved"))


class Folder(unittest.TestCase):
    def test_results_and_runs_of_the_linker_alone_are_read_apart(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, value in (("a", stile("febrl1", "own dial")), ("b", linking(7))):
                Path(folder, f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
            results, linkings = table.read(folder)
        self.assertEqual(([one["set"] for one in results], [one["set"] for one in linkings]), (["febrl1"], ["children500k"]))
        judged = targets.judge(targets.Results(results, linkings))
        text = targets.text(judged).splitlines()
        self.assertEqual(len(text), len(judged) + 4)
        self.assertEqual(len({line.count("|") for line in text[:-2]}), 1)

    def test_of_absent_sets_no_row_is_shown_and_every_target_is_counted(self):
        judged = targets.judge(targets.Results([stile("febrl1", "own dial")], []))
        absent = [name for name in (*targets.PUBLISHED, *targets.GENERATED) if name != "febrl1"]
        *rows, counts, last = targets.text(judged, absent).splitlines()
        self.assertEqual({line.split(" | ")[1] for line in rows[2:-1]}, {"febrl1"})
        self.assertEqual(counts, f"0 met, 0 missed, {len(judged)} not measured.")
        self.assertIn("historical_50k", last)


if __name__ == "__main__":
    unittest.main()
