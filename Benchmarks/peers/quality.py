"""How good a set of scored pairs is against a truth; the definitions of README.md.

Records are numbered 0..<n. A true pair that was never compared counts as missed everywhere.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Truth:
    """Who each record is, and where it comes from."""

    person: np.ndarray  # person[record]
    source: np.ndarray  # source[record]
    # Only pairs of different sources count; otherwise every pair does.
    between_sources: bool
    # twin[person], -1 for none; empty where there are no twins.
    twin: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def pairs(self):
        """The number of true pairs."""
        return self._pairs_within(self.person)

    def _pairs_within(self, group):
        """Pairs of records with the same value of `group`, of those that count."""
        total = _choose_two(group)
        if self.between_sources:
            total -= _choose_two(_together(group, self.source))
        return total


@dataclass
class Scored:
    """Compared pairs, each once, with a score that is higher for likelier pairs."""

    left: np.ndarray
    right: np.ndarray
    score: np.ndarray

    def at_least(self, threshold):
        kept = self.score >= threshold
        return Scored(self.left[kept], self.right[kept], self.score[kept])


def _choose_two(group):
    counts = np.unique(group, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def _together(one, other):
    """One number for each pair of values."""
    other = np.unique(other, return_inverse=True)[1].astype(np.int64)
    return np.unique(one, return_inverse=True)[1].astype(np.int64) * (int(other.max(initial=0)) + 1) + other


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _rates(prefix, true, linked, total):
    precision = true / linked if linked else 0.0
    recall = true / total if total else 0.0
    return {
        f"{prefix}_f1": f1(precision, recall),
        f"{prefix}_precision": precision,
        f"{prefix}_recall": recall,
    }


# MARK: Pairs


def is_true(scored, truth):
    return truth.person[scored.left] == truth.person[scored.right]


def curve(scored, truth):
    """Thresholds falling from the highest score, with pairs linked and true at each.

    Pairs of equal score fall together: a threshold cannot divide them.
    """
    order = np.argsort(-scored.score, kind="stable")
    score = scored.score[order]
    true = np.cumsum(is_true(scored, truth)[order])
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True)) if len(score) else np.empty(0, dtype=int)
    return score[last], last + 1, true[last]


def best_pairs(prefix, scored, truth):
    """The best F1 over all thresholds, its precision, recall and threshold."""
    thresholds, linked, true = curve(scored, truth)
    total = truth.pairs
    if len(thresholds) == 0:
        return _rates(prefix, 0, 0, total) | {f"{prefix}_threshold": None}
    # 2TP / (linked + total) is the harmonic mean of precision and recall.
    best = int(np.argmax(2 * true / (linked + total)))
    return _rates(prefix, int(true[best]), int(linked[best]), total) | {
        f"{prefix}_threshold": float(thresholds[best])
    }


def pairs_at(prefix, scored, truth, threshold):
    kept = scored.at_least(threshold)
    return _rates(prefix, int(is_true(kept, truth).sum()), len(kept.left), truth.pairs)


def recall_at_precision(scored, truth, precision):
    """The highest recall of a threshold whose precision is at least this."""
    _, linked, true = curve(scored, truth)
    enough = true >= precision * linked
    return float(true[enough].max(initial=0) / truth.pairs) if truth.pairs else 0.0


# MARK: One to one


def one_to_one(scored):
    """Greedy: the pair of the highest score first, each record at most once.

    Ties fall to the lower record numbers, which are the order of the files.
    """
    order = np.lexsort((scored.right, scored.left, -scored.score))
    used = np.zeros(int(max(scored.left.max(initial=-1), scored.right.max(initial=-1))) + 1, dtype=bool)
    kept = []
    for index, left, right in zip(order, scored.left[order].tolist(), scored.right[order].tolist()):
        if not used[left] and not used[right]:
            used[left] = used[right] = True
            kept.append(index)
    kept = np.array(kept, dtype=np.int64)
    return Scored(scored.left[kept], scored.right[kept], scored.score[kept])


# MARK: Clusters


def components(scored, records):
    """The connected component of each record when all these pairs are links."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array(
        (np.ones(len(scored.left), dtype=np.int8), (scored.left, scored.right)), shape=(records, records)
    )
    return connected_components(graph, directed=False)[1]


def of_clusters(prefix, cluster, truth):
    """Precision, recall and F1 of the pairs that a partition of the records makes."""
    linked = truth._pairs_within(cluster)
    true = truth._pairs_within(_together(cluster, truth.person))
    largest = int(np.unique(cluster, return_counts=True)[1].max(initial=0))
    return _rates(prefix, true, linked, truth.pairs) | {f"{prefix}_largest": largest}


def cluster_thresholds(scored, step):
    """Every `step` from the lowest to the highest score, the lowest at least -5."""
    if len(scored.score) == 0:
        return []
    low = max(float(np.floor(scored.score.min())), -5.0)
    return [float(value) for value in np.arange(low, float(scored.score.max()) + step, step)]


def best_clusters(prefix, scored, truth, thresholds):
    """The best F1 of connected components over the thresholds, and the partition."""
    records = len(truth.person)
    best, partition = None, np.arange(records)
    for threshold in thresholds:
        cluster = components(scored.at_least(threshold), records)
        rates = of_clusters(prefix, cluster, truth) | {f"{prefix}_threshold": threshold}
        if best is None or rates[f"{prefix}_f1"] > best[f"{prefix}_f1"]:
            best, partition = rates, cluster
    return best or _rates(prefix, 0, 0, truth.pairs) | {f"{prefix}_threshold": None}, partition


# MARK: Twins


def twin_pairs(truth):
    """Pairs of twins who could be linked with each other: in different sources if need be."""
    sources = {}
    wanted = truth.twin >= 0
    for record in np.flatnonzero(wanted[truth.person] if len(truth.twin) else np.empty(0, dtype=bool)):
        sources.setdefault(int(truth.person[record]), set()).add(int(truth.source[record]))
    result = set()
    for person, of_person in sources.items():
        other = int(truth.twin[person])
        if person < other and other in sources:
            if not truth.between_sources or len(of_person | sources[other]) > 1:
                result.add((person, other))
    return result


def twins_in_pairs(scored, truth):
    """Of the links: the pairs of twins with a link between them, and how many links those are."""
    if len(truth.twin) == 0:
        return set(), 0
    left, right = truth.person[scored.left], truth.person[scored.right]
    wrong = np.flatnonzero(truth.twin[left] == right)
    return {(min(a, b), max(a, b)) for a, b in zip(left[wrong].tolist(), right[wrong].tolist())}, len(wrong)


def twins_in_clusters(cluster, truth):
    """The pairs of twins of whom a record of one shares a cluster with a record of the other."""
    if len(truth.twin) == 0:
        return set()
    members = {}
    for record in np.flatnonzero(truth.twin[truth.person] >= 0).tolist():
        members.setdefault(int(cluster[record]), []).append((int(truth.person[record]), int(truth.source[record])))
    result = set()
    for records in members.values():
        people = {}
        for person, source in records:
            people.setdefault(person, set()).add(source)
        for person, sources in people.items():
            other = int(truth.twin[person])
            if person < other and other in people:
                if not truth.between_sources or len(sources | people[other]) > 1:
                    result.add((person, other))
    return result


# MARK: All of it


def summary(scored, truth, two_sources, probabilities):
    """Every figure of README.md for one run.

    `two_sources`: whether one-to-one linking makes sense. `probabilities`: whether the score
    is log2 of the odds of a match.
    """
    true = is_true(scored, truth)
    result = {
        "records": len(truth.person),
        "true_pairs": truth.pairs,
        "compared_pairs": len(scored.left),
        "compared_true_share": float(true.sum() / truth.pairs) if truth.pairs else 0.0,
    }
    result |= best_pairs("pair", scored, truth)
    for name, precision in (("99", 0.99), ("999", 0.999)):
        result[f"recall_at_precision_{name}"] = recall_at_precision(scored, truth, precision)
    if probabilities:
        for name, probability in (("p95", 0.95), ("p50", 0.5)):
            result |= pairs_at(name, scored, truth, np.log2(probability / (1 - probability)))
    twins = twin_pairs(truth)
    if twins:
        result["twin_pairs"] = len(twins)

    def twins_of_links(prefix, links):
        if not twins:
            return {}
        linked, count = twins_in_pairs(links, truth)
        wrong = int((~is_true(links, truth)).sum())
        return {
            f"{prefix}_twins_linked": len(linked & twins) / len(twins),
            f"{prefix}_twins_of_false_links": count / wrong if wrong else 0.0,
        }

    if result["pair_threshold"] is not None:
        result |= twins_of_links("pair", scored.at_least(result["pair_threshold"]))
    if two_sources:
        matched = one_to_one(scored)
        result |= best_pairs("one_to_one", matched, truth)
        if result["one_to_one_threshold"] is not None:
            result |= twins_of_links("one_to_one", matched.at_least(result["one_to_one_threshold"]))
        for name, precision in (("99", 0.99), ("999", 0.999)):
            result[f"one_to_one_recall_at_precision_{name}"] = recall_at_precision(matched, truth, precision)
        if probabilities:
            for name, probability in (("p95", 0.95), ("p50", 0.5)):
                threshold = np.log2(probability / (1 - probability))
                result |= pairs_at(f"one_to_one_{name}", matched, truth, threshold)
    step = 0.5 if probabilities else 0.01
    best, cluster = best_clusters("cluster", scored, truth, cluster_thresholds(scored, step))
    result |= best
    if probabilities:
        result |= of_clusters("cluster_p95", components(scored.at_least(np.log2(19)), len(truth.person)), truth)
    if twins:
        result["cluster_twins_linked"] = len(twins_in_clusters(cluster, truth) & twins) / len(twins)
    return result
