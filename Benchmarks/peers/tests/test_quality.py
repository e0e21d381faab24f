"""The metrics, on cases small enough to count by hand."""

import itertools
import random
import unittest

import numpy as np

import quality


def truth(person, source=None, twin=(), between=True):
    source = source or [0] * len(person)
    return quality.Truth(np.array(person), np.array(source), between, np.array(twin, dtype=np.int64))


def scored(*pairs):
    left, right, score = zip(*pairs) if pairs else ((), (), ())
    return quality.Scored(np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(score, dtype=float))


class Pairs(unittest.TestCase):
    def test_a_pair_never_compared_is_missed(self):
        # Three true pairs, of which two are compared and one false pair scores between them.
        known = truth([0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1])
        result = quality.best_pairs("pair", scored((0, 3, 9), (0, 4, 5), (1, 4, 4)), known)
        self.assertAlmostEqual(result["pair_f1"], 2 * 2 / (3 + 3))
        self.assertEqual(result["pair_threshold"], 4)
        self.assertAlmostEqual(result["pair_recall"], 2 / 3)

    def test_pairs_of_one_score_fall_together(self):
        known = truth([0, 1, 0, 1], [0, 0, 1, 1])
        result = quality.best_pairs("pair", scored((0, 2, 5), (0, 3, 5)), known)
        self.assertAlmostEqual(result["pair_precision"], 0.5)

    def test_pairs_within_a_source_do_not_count_when_linking(self):
        self.assertEqual(truth([0, 0, 0], [0, 0, 1]).pairs, 2)
        self.assertEqual(truth([0, 0, 0], [0, 0, 1], between=False).pairs, 3)

    def test_recall_at_a_precision(self):
        known = truth([0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1])
        pairs = scored((0, 3, 9), (0, 4, 5), (1, 4, 4), (2, 5, 3))
        self.assertAlmostEqual(quality.recall_at_precision(pairs, known, 0.7), 1.0)
        self.assertAlmostEqual(quality.recall_at_precision(pairs, known, 0.9), 1 / 3)

    def test_a_threshold_of_probability(self):
        known = truth([0, 1, 0, 1], [0, 0, 1, 1])
        result = quality.pairs_at("p95", scored((0, 2, 4.3), (1, 3, 4.2)), known, np.log2(19))
        self.assertAlmostEqual(result["p95_recall"], 0.5)

    def test_nothing_compared(self):
        known = truth([0, 0], [0, 1])
        result = quality.summary(scored(), known, True, True)
        self.assertEqual(result["pair_f1"], 0)
        self.assertEqual(result["one_to_one_f1"], 0)
        self.assertEqual(result["cluster_f1"], 0)


class OneToOne(unittest.TestCase):
    def test_the_higher_score_goes_first(self):
        kept = quality.one_to_one(scored((0, 2, 5), (0, 3, 6), (1, 3, 7), (1, 2, 1)))
        self.assertEqual(sorted(zip(kept.left.tolist(), kept.right.tolist())), [(0, 2), (1, 3)])

    def test_ties_go_by_the_order_of_the_files(self):
        kept = quality.one_to_one(scored((1, 2, 5), (0, 2, 5)))
        self.assertEqual(list(zip(kept.left.tolist(), kept.right.tolist())), [(0, 2)])


class Clusters(unittest.TestCase):
    def test_against_counting_every_pair(self):
        generator = random.Random(7)
        for between in (False, True):
            person = [generator.randrange(6) for _ in range(30)]
            source = [generator.randrange(3) for _ in range(30)]
            known = truth(person, source, between=between)
            links = [pair for pair in itertools.combinations(range(30), 2) if generator.random() < 0.05]
            cluster = quality.components(scored(*((a, b, 1.0) for a, b in links)), 30)
            # The plain way: who reaches whom.
            reached = {record: {record} for record in range(30)}
            for _ in range(30):
                for a, b in links:
                    together = reached[a] | reached[b]
                    for record in together:
                        reached[record] = together
            counted = [
                (a, b) for a, b in itertools.combinations(range(30), 2) if not between or source[a] != source[b]
            ]
            linked = {(a, b) for a, b in counted if b in reached[a]}
            true = {(a, b) for a, b in counted if person[a] == person[b]}
            rates = quality.of_clusters("cluster", cluster, known)
            self.assertAlmostEqual(rates["cluster_precision"], len(linked & true) / len(linked))
            self.assertAlmostEqual(rates["cluster_recall"], len(linked & true) / len(true))
            self.assertEqual(rates["cluster_largest"], max(len(members) for members in reached.values()))

    def test_chaining_makes_pairs_that_were_never_compared(self):
        known = truth([0, 0, 0], between=False)
        best, _ = quality.best_clusters("cluster", scored((0, 1, 3), (1, 2, 3)), known, [0.0])
        self.assertEqual(best["cluster_recall"], 1)


class Twins(unittest.TestCase):
    # People 0 and 1 are twins, so are 2 and 3; 3 is in the first source only.
    known = truth([0, 1, 2, 3, 0, 1, 2], [0, 0, 0, 0, 1, 1, 1], twin=[1, 0, 3, 2])

    def test_only_those_who_could_be_linked(self):
        self.assertEqual(quality.twin_pairs(self.known), {(0, 1), (2, 3)})
        within = truth([0, 1], [0, 0], twin=[1, 0])
        self.assertEqual(quality.twin_pairs(within), set())

    def test_links_between_twins(self):
        found, links = quality.twins_in_pairs(scored((0, 5, 3), (1, 4, 2), (2, 6, 9)), self.known)
        self.assertEqual((found, links), ({(0, 1)}, 2))

    def test_clusters_of_twins(self):
        self.assertEqual(quality.twins_in_clusters(np.array([0, 1, 2, 2, 0, 1, 3]), self.known), set())
        self.assertEqual(quality.twins_in_clusters(np.array([0, 1, 2, 2, 1, 3, 2]), self.known), {(0, 1), (2, 3)})


if __name__ == "__main__":
    unittest.main()
