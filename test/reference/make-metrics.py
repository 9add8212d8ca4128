"""Writes mauve-seeds.json, of the features beside it, and metrics.json.
pip install mauve-text==0.4.0 faiss-cpu==1.15.1 scikit-learn==1.9.1 scipy==1.17.1 nltk==3.10.4 rbo==0.1.3"""

import json
from collections import Counter
from pathlib import Path

import mauve
import numpy as np
import rbo
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from scipy import stats
from scipy.spatial.distance import cdist, jensenshannon

HERE = Path(__file__).resolve().parent
rng = np.random.default_rng(6)


def features(name):
    return [np.load(HERE / f"mauve-{name}-{side}.npy") for side in "pq"]


def mauve_seeds():
    for name in "ab":
        p, q = features(name)
        for buckets, scaling, seed in [("auto", 5, 25), ("auto", 5, 7), (20, 2, 25)]:
            of = mauve.compute_mauve(
                p_features=p, q_features=q, seed=seed, num_buckets=buckets, mauve_scaling_factor=scaling
            )
            yield {
                "name": name,
                "buckets": None if buckets == "auto" else buckets,
                "scaling": scaling,
                "seed": seed,
                "mauve": float(of.mauve),
                "frontierIntegral": float(of.frontier_integral),
            }


def rankings():
    for items, values in [(12, 1000), (12, 4), (30, 8)]:
        a = rng.integers(0, values, items).tolist()
        b = [x + int(y) for x, y in zip(a, rng.integers(0, values, items))]
        yield {
            "a": a,
            "b": b,
            "spearman": stats.spearmanr(a, b).statistic,
            "kendall": stats.kendalltau(a, b, variant="b").statistic,
        }


def overlaps():
    for items, depth, persistence in [(8, 8, 0.9), (20, 10, 0.9), (20, 5, 0.5)]:
        a, b = rng.permutation(items).tolist(), rng.permutation(items).tolist()
        # Scores: the item at place 0 of an order has the largest.
        order = lambda scores: sorted(range(items), key=lambda item: -scores[item])[:depth]
        yield {
            "a": a,
            "b": b,
            "top": depth / items,
            "persistence": persistence,
            "overlap": rbo.RankingSimilarity(order(a), order(b)).rbo_ext(p=persistence),
        }


def divergence(p, q):
    p, q = Counter(p), Counter(q)
    keys = sorted(p | q)
    return jensenshannon([p[k] for k in keys], [q[k] for k in keys], base=2) ** 2


def texts(count, words):
    return [
        [f"w{min(int(w), words)}" for w in rng.zipf(1.5, rng.integers(0, 12))] for _ in range(count)
    ]


def text_metrics():
    p, q = texts(30, 20), texts(25, 30)
    bleu = [
        sentence_bleu(q[:i] + q[i + 1 :], own, smoothing_function=SmoothingFunction().method1)
        for i, own in enumerate(q)
    ]
    bigrams = lambda of: [pair for words in of for pair in zip(words, words[1:])]
    return {
        "p": p,
        "q": q,
        "unigramDivergence": divergence(sum(p, []), sum(q, [])),
        "bigramDivergence": divergence(bigrams(p), bigrams(q)),
        "lengthDistance": stats.wasserstein_distance([len(t) for t in p], [len(t) for t in q]),
        "selfBleu": float(np.mean(bleu)),
        "distinct2": len(set(bigrams(q))) / len(bigrams(q)),
    }


def precision_recall(name, k):
    p, q = (x.astype(np.float64) for x in features(name))
    radii = lambda x: np.sort(cdist(x, x), axis=1)[:, k]
    inside = lambda x, y: float((cdist(x, y) <= radii(y)).any(axis=1).mean())
    return {"name": name, "neighbours": k, "precision": inside(q, p), "recall": inside(p, q)}


def write(name, value):
    (HERE / name).write_text(json.dumps(value) + "\n")


write("mauve-seeds.json", list(mauve_seeds()))
write(
    "metrics.json",
    {
        "rankings": list(rankings()),
        "overlaps": list(overlaps()),
        "texts": text_metrics(),
        "precisionRecall": [precision_recall(name, k) for name in "ab" for k in (3, 10)],
    },
)
