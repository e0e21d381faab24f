"""The table of a run."""

import unittest

import table


class Table(unittest.TestCase):
    def test_sets_in_their_order_stile_first_and_what_is_missing_said(self):
        results = [
            {"set": "historical_50k", "system": "Stile", "missing": "no result"},
            {"set": "febrl4", "system": "Splink", "variant": "docs", "pair_f1": 0.5, "pair_precision": 1.0,
             "pair_recall": 1 / 3, "seconds": 1.25, "peak_rss_mb": 1234.5},
            {"set": "febrl4", "system": "Stile"},
        ]
        lines = table.table(results).splitlines()
        self.assertEqual(len({line.count("|") for line in lines}), 1)
        self.assertTrue(lines[2].startswith("| febrl4 | Stile | – | – | – | – |"))
        self.assertTrue(lines[3].startswith("| febrl4 | Splink docs | – | – | – | 0.5000 (1.000, 0.333) | – |"))
        self.assertTrue(lines[3].endswith("| 1.2 s | – | 1,234 MB |"))
        self.assertTrue(lines[4].startswith("| historical_50k | Stile | no result |"))

    def test_no_f1_of_encodings_stands_without_its_dial_and_what_is_read_at_it(self):
        dial = "salt: none, fold: false, diffusion: 3, flip: 0.05"
        results = [
            {"set": "febrl4", "system": "Stile", "variant": "own dial", "dial": dial, "pair_f1": 1.0, "pair_precision": 1.0,
             "pair_recall": 1.0, "attack_single_first": 0.162, "attack_single_blind": 0.029,
             "attack_whole_first": 0.0013, "attack_whole_blind": 0.0004},
            {"set": "febrl4", "system": "Stile", "variant": "stated dial", "dial": dial},
            {"set": "febrl4", "system": "Stile", "variant": "in the clear", "dial": dial},
        ]
        clear, own, stated = (line.split(" | ")[1:5] for line in table.table(results).splitlines()[2:])
        self.assertEqual(clear, ["Stile in the clear", f"`{dial}`", "–", "–"])
        self.assertEqual(own, ["Stile own dial", f"`{dial}`", "16.20 % (2.90 %)", "0.13 % (0.04 %)"])
        self.assertEqual(stated, ["Stile stated dial", f"`{dial}`", "not attacked", "not attacked"])

    def test_whether_the_truth_lies_in_the_expected_range(self):
        result = {"chosen_precision": 0.98, "chosen_expected_precision": 0.985, "chosen_expected_precision_low": 0.981,
                  "chosen_expected_precision_high": 0.99, "chosen_recall": 0.95, "chosen_expected_recall": 0.96,
                  "chosen_expected_recall_low": 0.95, "chosen_expected_recall_high": 0.97}
        self.assertEqual(table.chosen(result, "precision"), "0.9800 (0.985; 0.981–0.990: out)")
        self.assertEqual(table.chosen(result, "recall"), "0.9500 (0.960; 0.950–0.970: in)")
        self.assertEqual(table.chosen({}, "recall"), "–")

    def test_the_linker_alone_gives_the_cost_of_the_same_settings_and_a_table_beside_the_peers(self):
        run = {"name": "all", "new_versions": 990_000, "candidate_pairs": 6_800_000, "seconds": 8.0,
               "processor_seconds": 14.0, "peak_rss_mb": 590.0}
        night = {"night_seconds": 12.0, "night_processor_seconds": 20.0, "night_peak_rss_mb": 700.0}
        linkings = [
            {"set": "children500k", "system": "Stile", "as_night": True, "runs": [run | night]},
            {"set": "children500k", "system": "Stile", "candidates_per_record": 340, "runs": [run | {"seconds": 40.0}]},
            {"set": "children500k", "system": "Stile", "as_night": False, "runs": [run]},
        ]
        results = [
            {"set": "children500k", "system": "Stile", "variant": "default dial", "seconds": 30.0,
             "processor_seconds": 60.0, "peak_rss_mb": 3000.0},
            {"set": "febrl4", "system": "Stile", "variant": "default dial", "seconds": 1.0},
            {"set": "children500k", "system": "Splink", "variant": "docs", "seconds": 38.6, "records": 1_000_000},
        ]
        costs = [one["seconds"] for one in table.with_linking_cost(results, linkings)]
        self.assertEqual(costs, [8.0, 1.0, 38.6])
        lines = table.linking_table(results, linkings).splitlines()
        self.assertEqual(len({line.count("|") for line in lines}), 1)
        self.assertEqual([line.split(" | ")[2] for line in lines[2:]], [
            "all", "all, with the report's detail", "all, as a night with its files", "all, 340 candidates a record", "docs",
        ])
        self.assertTrue(lines[4].endswith("| 12.0 s | 20.0 s | 700 MB |"))
        self.assertEqual(table.linking_table(results, []), "")


if __name__ == "__main__":
    unittest.main()
