"""Writes replace-one.json: epsilon of the Poisson-subsampled Gaussian when one unit is replaced by another.
pip install dp-accounting==0.6.0"""

import json
from pathlib import Path

from dp_accounting import NeighboringRelation, dp_event
from dp_accounting.pld import PLDAccountant

SETS = [
    # sampling rate, steps, noise multiplier, delta
    (128 / 4128, 40, 0.5376, 1e-5),
    (128 / 4128, 40, 0.786, 1e-5),
    (128 / 7273, 200, 0.5612, 1e-5),
    (1024 / 25000, 244, 1.182, 1.5e-5),
    (0.5, 100, 5, 1e-6),
    (0.9, 10, 3, 1e-4),
    (1e-3, 2000, 0.6, 1e-7),
    (1.0, 10, 5, 1e-5),
    (0.2, 1, 0.8, 1e-3),
]


def epsilon(q, steps, sigma, delta):
    accountant = PLDAccountant(NeighboringRelation.REPLACE_ONE, value_discretization_interval=2e-5)
    event = dp_event.PoissonSampledDpEvent(q, dp_event.GaussianDpEvent(sigma))
    accountant.compose(dp_event.SelfComposedDpEvent(event, steps))
    return accountant.get_epsilon(delta)


if __name__ == "__main__":
    rows = [
        {"samplingRate": q, "steps": steps, "noiseMultiplier": sigma, "delta": delta, "epsilon": epsilon(q, steps, sigma, delta)}
        for q, steps, sigma, delta in SETS
    ]
    path = Path(__file__).resolve().parent / "replace-one.json"
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
