"""The data of the fits, how far an answer is from the optimum, the table, and the limit of time."""

import json
import math
import sys
import tempfile
import unittest
from pathlib import Path

import numpy

import fit_table
import run_limited
from fit_design import Design, scaled_gradient


class Data(unittest.TestCase):
    """One column of 0 and 1, whose fit is known: the log odds of either half."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        column = numpy.repeat([0.0, 1.0], 10)
        outcomes = numpy.concatenate([numpy.repeat([1.0, 0.0], [2, 8]), numpy.repeat([1.0, 0.0], [5, 5])])
        (self.folder / "design.columns").write_bytes(b"header.." + column.astype("<f8").tobytes())
        outcomes.astype("<f8").tofile(self.folder / "outcomes.f64")
        (self.folder / "design.json").write_text('{"rows":20,"columns":1,"offset":8,"stride":192}', encoding="utf-8")

    def test_gradient_is_nothing_at_the_known_fit_and_something_beside_it(self):
        design = Design(self.folder)
        intercept, slope = math.log(2 / 8), math.log(5 / 5) - math.log(2 / 8)
        self.assertLess(scaled_gradient(design, intercept, [slope]), 1e-14)
        # Off by a little in the slope: Σ w x² δ ÷ √(Σ w x²) over the ten rows with 1, whose p is a half.
        self.assertAlmostEqual(
            scaled_gradient(design, intercept, [slope + 1e-4]), math.sqrt(10 / 4) * 1e-4, delta=1e-9)

    def test_matrix_has_the_intercept_first_in_either_order(self):
        for order in "CF":
            matrix = Design(self.folder).matrix(order, intercept=True)
            self.assertTrue(matrix.flags[f"{order}_CONTIGUOUS"])
            self.assertEqual(matrix[:, 0].tolist(), [1.0] * 20)
            self.assertEqual(matrix[:, 1].sum(), 10)


class Table(unittest.TestCase):
    STILE = {"system": "Stile", "threads": 2, "seconds": [2.0, 1.0, 3.0], "iterations": 5, "peak_rss_mb": 110.0,
             "intercept": 1.0, "coefficients": [0.5], "gradient": 1e-12}

    def test_row_and_verdict(self):
        peer = {"system": "peer", "threads": 2, "seconds": [5.0], "iterations": 6, "peak_rss_mb": 200.0,
                "intercept": 1.0, "coefficients": [0.5 + 1e-7], "gradient": 1e-9}
        hasty = peer | {"system": "hasty", "seconds": [0.1], "gradient": 0.01}
        alone = {"system": "dsyrk alone, X", "threads": 2, "seconds": [1.6], "iterations": 5}
        results = [self.STILE, alone, peer, hasty]
        lines = fit_table.table(results, 100).splitlines()
        self.assertEqual(len({line.count("|") for line in lines}), 1)
        self.assertEqual(
            lines[2], "| Stile | 2 | 1, 2, 3 | 1.00 × | 110 | 1.10 × | 5 | 1.0e-12 | 0.0e+00 |")
        self.assertEqual(lines[4], "| peer | 2 | 5, 5, 5 | 2.50 × | 200 | 2.00 × | 6 | 1.0e-09 | 1.0e-07 |")
        self.assertIn("1.0e-02 (not there)", lines[5])
        self.assertEqual(fit_table.verdict(results, 100), [
            "The fastest peer at the same optimum is peer: 2.50 × Stile's time (median).",
            "Stile with 2 threads: 1.25 × the time of dsyrk alone, X for 5 products, 6.2 × that of one.",
            "Stile with 2 threads: the peak of memory is 110 MB, 1.10 × the matrix.",
        ])

    def test_informations_are_told_where_they_are_fewer(self):
        self.assertEqual(fit_table.steps({"iterations": 6, "informations": 4}), "6 (4)")
        self.assertEqual(fit_table.steps({"iterations": 6, "informations": 6}), "6")
        self.assertEqual(fit_table.steps({}), "–")

    def test_sparse_columns_beside_the_same_with_one_added(self):
        sparse = self.STILE | {"system": fit_table.SPARSE, "data": "a", "seconds": [1.0]}
        shifted = self.STILE | {"system": fit_table.SHIFTED, "data": "b", "seconds": [6.0], "intercept": 9.0}
        self.assertEqual(fit_table.difference(shifted, sparse), 0)
        self.assertIn("Columns that are mostly zero, 2 threads: 6.0 × as fast as the same columns with 1 added.",
                      fit_table.verdict([sparse, shifted], 100))

    def test_peer_without_a_result_has_a_row_and_a_reason(self):
        results = [self.STILE, {"system": "peer", "failed": "stopped after 900 s"}]
        self.assertEqual(fit_table.table(results, 100).splitlines()[3],
                         "| peer | – | – | – | – | – | – | – | – |")
        self.assertIn("peer stopped after 900 s; runs that it had finished count.", fit_table.verdict(results, 100))

    def test_without_stile_there_is_no_ratio(self):
        failed = {"system": "Stile", "failed": "failed: x"}
        self.assertEqual(fit_table.verdict([failed], 100), ["Stile has no result."])


class Targets(unittest.TestCase):
    """What is asked of the speed, on canned results."""

    PEER = Table.STILE | {"system": "peer", "seconds": [2.6], "gradient": 1e-9}
    ALONE = {"system": "dsyrk alone (dsyrk)", "threads": 2, "seconds": [1.4], "iterations": 5}
    SLOW = Table.STILE | {"threads": 1, "seconds": [2.4]}

    def dense(self, results):
        return fit_table.judge("dense", (1_000_000, 100), fit_table.dense_targets(results, 100))

    def test_all_met_but_for_what_is_told_beside(self):
        stile = Table.STILE | {"seconds": [1.2]}
        judged = self.dense([self.SLOW, stile, self.ALONE | {"threads": 1}, self.ALONE, self.PEER])
        self.assertEqual([fit_table.word(one) for one in judged], ["yes", "yes", "no", "yes"])
        self.assertEqual([one["found"] for one in judged], ["2.17 ×", "0.86 ×", "1.71 ×", "1.10 ×"])
        self.assertEqual(fit_table.status(judged), (0, "Every target that was measured is met (3)."))
        self.assertIn("| dense | the peak of memory, to the matrix | ≤ 1.20 × | 1.10 × | yes |",
                      fit_table.target_table(judged).splitlines())

    def test_each_target_can_be_missed(self):
        for results, missed in [
            ([Table.STILE, self.PEER], "the fastest peer"),
            ([Table.STILE | {"seconds": [3.0]}, self.ALONE], "Stile at its fastest"),
            ([Table.STILE | {"peak_rss_mb": 121.0}], "the peak of memory"),
            # A product of another library that is faster is the one to be measured by.
            ([Table.STILE | {"seconds": [1.0]}, self.ALONE,
              self.ALONE | {"system": "dsyrk alone (scipy-dsyrk)", "seconds": [0.5]}], "Stile at its fastest"),
        ]:
            code, sentence = fit_table.status(self.dense(results))
            self.assertEqual(code, 1)
            self.assertTrue(sentence.startswith(f"Not met: dense: {missed}"), sentence)

    def test_an_answer_away_from_the_optimum_is_no_figure(self):
        wrong = Table.STILE | {"seconds": [0.1], "gradient": 0.1}
        code, _ = fit_table.status(self.dense([wrong, self.PEER]))
        self.assertEqual(code, 1)
        # Nor is a peer's: a hasty one neither helps nor hurts.
        hasty = self.PEER | {"seconds": [0.1], "gradient": 0.01}
        quick = Table.STILE | {"seconds": [1.0]}
        self.assertEqual(fit_table.status(self.dense([quick, self.PEER, hasty]))[0], 0)
        self.assertEqual(fit_table.word(self.dense([quick, hasty])[0]), "no figure")

    def test_sparse_streamed_and_scored(self):
        sparse = Table.STILE | {"system": fit_table.SPARSE, "seconds": [1.0]}
        shifted = Table.STILE | {"system": fit_table.SHIFTED, "seconds": [5.5]}
        slower = [sparse | {"threads": 1, "seconds": [2.0]}, shifted | {"threads": 1, "seconds": [9.0]}]
        self.assertTrue(fit_table.sparse_targets([sparse, shifted])[0]["met"])
        self.assertFalse(fit_table.sparse_targets([sparse, shifted] + slower)[0]["met"])
        self.assertIsNone(fit_table.sparse_targets([sparse])[0]["met"])
        streamed = Table.STILE | {"system": "Stile, from the file", "peak_rss_mb": 242.0}
        self.assertEqual(fit_table.stream_targets([streamed])[0]["found"], "242 MB")
        self.assertFalse(fit_table.stream_targets([streamed, streamed | {"peak_rss_mb": 2_001.0}])[0]["met"])
        self.assertIsNone(fit_table.stream_targets([streamed | {"seconds": []}])[0]["met"])
        text = ("| stage | measured | min | median | max |\n|---|---|---|---|---|\n"
                "| reasons: 1000000 × 150: predictor, 5 reasons | s | 1.10 | 1.21 | 1.30 |\n"
                "|  | rows/s | 769,000 | 826,000 | 909,000 |\n")
        self.assertEqual(fit_table.scoring(text), [1.1, 1.21, 1.3])
        self.assertTrue(fit_table.score_targets(fit_table.scoring(text))[0]["met"])
        self.assertIsNone(fit_table.score_targets(fit_table.scoring(""))[0]["met"])

    def test_another_size_is_not_judged(self):
        judged = fit_table.judge("dense", (100_000, 50), fit_table.dense_targets([Table.STILE, self.PEER], 100))
        self.assertEqual({fit_table.word(one) for one in judged}, {"another size"})
        code, sentence = fit_table.status(judged)
        self.assertEqual((code, sentence[:23]), (0, "No target was judged: n"))


class Limit(unittest.TestCase):
    def run_it(self, code, seconds=20.0):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name) / "result.json"
        before = sys.argv
        sys.argv = ["run_limited.py", "--seconds", str(seconds), "--json", str(file), "--system", "peer", "--",
                    sys.executable, "-c", code, str(file)]
        try:
            run_limited.main()
        finally:
            sys.argv = before
        return json.loads(file.read_text(encoding="utf-8"))

    WRITE = "import json, sys; open(sys.argv[1], 'w').write(json.dumps({'system': 'peer', 'seconds': [1]}));"

    def test_result_gets_its_memory(self):
        result = self.run_it(self.WRITE + "x = b'1' * 50_000_000")
        self.assertEqual(result["seconds"], [1])
        self.assertGreater(result["peak_rss_mb"], 50)
        self.assertNotIn("failed", result)

    def test_failure_and_lateness_are_told_and_finished_runs_kept(self):
        self.assertEqual(self.run_it("raise SystemExit('no such thing')")["failed"], "failed: no such thing")
        self.assertEqual(self.run_it("pass")["failed"], "left no result")
        late = self.run_it(self.WRITE + "import time; time.sleep(60)", seconds=0.5)
        self.assertEqual((late["failed"], late["seconds"]), ("stopped after 0.5 s", [1]))


if __name__ == "__main__":
    unittest.main()
