"""MAUVE of two files of embeddings by mauve-text. It stands apart from task.py, whose environment has PyTorch."""

import json
import sys
import time

import numpy as np
from mauve import compute_mauve
from peak_memory import peak_rss_bytes

WARM_UP = 300

with open(sys.argv[1]) as file:
    task = json.load(file)
p, q = np.load(task["p"]), np.load(task["q"])
compute_mauve(p_features=p[:WARM_UP], q_features=q[:WARM_UP], seed=task["seed"])
started = time.perf_counter()
of = compute_mauve(p_features=p, q_features=q, seed=task["seed"])
seconds = time.perf_counter() - started
result = {
    "mauve": float(of.mauve),
    "frontierIntegral": float(of.frontier_integral),
    "seconds": seconds,
    "peakRssBytes": peak_rss_bytes(),
}
print("RESULT " + json.dumps(result), flush=True)
