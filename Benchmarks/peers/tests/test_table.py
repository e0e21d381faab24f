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
        self.assertTrue(lines[2].startswith("| febrl4 | Stile | – |"))
        self.assertTrue(lines[3].startswith("| febrl4 | Splink docs | 0.5000 (1.000, 0.333) | – |"))
        self.assertTrue(lines[3].endswith("| 1.2 s | – | 1,234 MB |"))
        self.assertTrue(lines[4].startswith("| historical_50k | Stile | no result |"))


if __name__ == "__main__":
    unittest.main()
