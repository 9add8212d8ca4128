"""Writes extremes.json: 300 random sets of (sampling rate, steps, noise multiplier, delta) with epsilon by other means than ours.
pip install dp-accounting==0.6.0 scipy==1.17.1 numpy==2.4.6

method says where epsilon comes from:
  gaussian  sampling rate 1: the closed form of Balle and Wang 2018, theorem 8
  prv       the code below: mass by differences of the normal distribution function, rounded to the nearest grid point with the mean kept
            (Gopi et al. 2021, arXiv 2106.02848), exponentially tilted, and composed by an FFT in 80-bit arithmetic: in 64 bits rounding
            noise would decide where delta is below 1e-11
  none      epsilon is null: the code below overflows, or rounding noise decides even in 80 bits
  renyi     epsilon is null: it is below 0.01 or the bound is above 700, by a Renyi bound (`bound`)
dpAccounting is what Google's PLD accountant says (pessimistic, connect-the-dots), where delta is 1e-11 or more and epsilon is from 0.01
to 60: an upper bound, which many steps on its coarse grid raise by up to a fifth.
Both directions (a unit removed, a unit added) are computed and the larger epsilon is written.
"""

import json
import math
import random
import sys
from pathlib import Path

import numpy as np
from dp_accounting.pld import privacy_loss_distribution as pld
from scipy import optimize, special

HERE = Path(__file__).resolve().parent


def gaussian_epsilon(sigma, delta):
    def log_ratio(e):
        a = special.log_ndtr(1 / (2 * sigma) - e * sigma)
        b = e + special.log_ndtr(-1 / (2 * sigma) - e * sigma)
        return a + math.log1p(-math.exp(b - a)) - math.log(delta) if b < a else -math.inf

    if log_ratio(0.0) <= 0:
        return 0.0
    high = 1e-9
    while log_ratio(high) > 0:
        high *= 2
    return optimize.brentq(log_ratio, 0, high, xtol=1e-14, rtol=1e-13)


def log_ratio_moment(q, sigma, power):
    """ln E[r(x)^power], x ~ N(0, sigma^2), by a plain Riemann sum."""
    peaks = [0.0, power if power > 0 else 0.0, power if power < 0 else 0.0]
    low, high = min(peaks) - 12 * sigma, max(peaks) + 12 * sigma
    x = np.linspace(low, high, 200_001)
    # Not x[1] - x[0]: its rounding, times a million steps, would be seen in epsilon.
    width = (high - low) / 200_000
    values = power * log_r(q, sigma, x) - x * x / (2 * sigma**2)
    top = values.max()
    return top + math.log(np.exp(values - top).sum() * width) - math.log(sigma * math.sqrt(2 * math.pi))


def log_r(q, sigma, x):
    y = (2 * x - 1) / (2 * sigma**2)
    return np.where(y > 30, y + math.log(q), np.log1p(q * np.expm1(np.minimum(y, 30))))


def outcome(q, sigma, loss):
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ratio = np.expm1(np.minimum(loss, 700)) / q
        return np.where(ratio > -1, sigma**2 * np.log1p(np.maximum(ratio, -1)) + 0.5, -np.inf)


def normal_between(a, b):
    """P(a < Z < b) without cancellation in either tail."""
    return np.where(a > 0, special.ndtr(-a) - special.ndtr(-b), special.ndtr(b) - special.ndtr(a))


def prv_epsilon(q, sigma, steps, delta, remove, cells=2**20):
    sign = 1 if remove else -1

    def log_moment(theta):
        return steps * log_ratio_moment(q, sigma, theta + 1 if remove else -theta)

    thetas = np.exp(np.linspace(math.log(1e-2), math.log(1e5), 160))
    bounds = [
        (log_moment(t) - math.log(delta) - math.log1p(t)) / t - math.log1p(1 / t) for t in thetas
    ]
    best = int(np.nanargmin(bounds))
    if bounds[best] <= 0.01:
        return None, float(max(0.0, bounds[best]))
    theta = thetas[best] * (0.4 if q < 0.01 else 0.8)
    base = log_moment(theta)
    us = theta * np.exp(np.linspace(-4, 1.5, 40))
    high = min((log_moment(theta + u) - base + 36) / u for u in us)
    low = max(-(log_moment(theta - u) - base + 36) / u for u in us if theta - u > -60 * theta)
    width = (high - low) * 1.02
    h = width / cells
    # One step.
    reach = sigma * 12 * 1.5
    tops = log_r(q, sigma, np.array([1 + reach])) if remove else -log_r(q, sigma, np.array([-reach]))
    bottoms = log_r(q, sigma, np.array([-reach])) if remove else -log_r(q, sigma, np.array([reach]))
    first, last = math.floor(max(bottoms[0], -width) / h) - 1, math.ceil(min(tops[0], high) / h) + 1
    edges = (np.arange(first, last + 2) - 0.5) * h
    x = outcome(q, sigma, sign * edges)
    low_x, high_x = (x[:-1], x[1:]) if remove else (x[1:], x[:-1])
    mass = normal_between(low_x / sigma, high_x / sigma)
    if remove:
        mass = (1 - q) * mass + q * normal_between((low_x - 1) / sigma, (high_x - 1) / sigma)
    k = np.arange(first, last + 1)
    tilted = mass * np.exp(theta * k * h)
    scale = tilted.sum()
    tilted /= scale
    # The mean of the tilted loss is kept: a shift of the grid makes good what rounding to the nearest moved.
    step = 1e-4 * theta
    mean = (log_moment(theta + step) - log_moment(theta - step)) / (2 * step) / steps
    shift = mean - (tilted * k * h).sum()
    log_scale = log_moment(theta)
    circle = np.zeros(cells, dtype=np.longdouble)
    np.add.at(circle, k % cells, tilted)
    spectrum = np.fft.rfft(circle)
    composed = np.fft.irfft(np.exp(steps * np.log(spectrum + np.longdouble(1e-4000))), cells)
    if not math.isfinite(shift):
        return math.nan, float(bounds[best])
    start = math.floor((low - steps * shift) / h)
    index = start + np.arange(cells)
    loss = index * h + steps * shift
    noise = (np.maximum(0, -composed[index % cells]) * np.exp(np.longdouble(log_scale - theta * loss)))[loss > 0]
    masses = (np.maximum(0, composed[index % cells]) * np.exp(np.longdouble(log_scale - theta * loss))).astype(float)
    keep = loss > 0
    loss, masses = loss[keep], masses[keep]
    above = np.cumsum(masses[::-1])[::-1]
    weighted = np.cumsum((masses * np.exp(-loss))[::-1])[::-1]
    deltas = above - np.exp(loss) * weighted
    over = np.nonzero(deltas > delta)[0]
    if len(over) == 0:
        return 0.0, float(bounds[best])
    at = int(over[-1])
    if noise[at:].sum() > 1e-3 * delta:
        return math.nan, float(bounds[best])
    below = max(deltas[at + 1], deltas[at] * 1e-300)
    share = math.log(deltas[at] / delta) / math.log(deltas[at] / below)
    return float(loss[at] + share * h), float(bounds[best])


def google_epsilon(q, sigma, steps, delta, guess):
    interval = min(1e-4, max(guess, 0.01) / 2000)
    if q < 1:
        interval = max(interval, 2e-6)
    one = pld.from_gaussian_mechanism(sigma, value_discretization_interval=interval, sampling_prob=q)
    return float(one.self_compose(steps).get_epsilon_for_delta(delta))


def random_sets(count, seed):
    rng = random.Random(seed)

    def spread(low, high):
        return float(f"{math.exp(rng.uniform(math.log(low), math.log(high))):.6g}")

    for k in range(count):
        # A third of the sets are where records are seen often enough for epsilon to be of use.
        q = 1.0 if k % 10 == 0 else spread(1e-9, 1) if k % 3 else spread(1e-4, 1)
        steps = max(1, round(spread(1, 1e6)))
        sigma = spread(0.3, 1e3) if k % 2 else spread(0.3, 5)
        yield q, 1 if k % 25 == 7 else steps, sigma, spread(1e-15, 1e-2)


def answer(q, steps, sigma, delta):
    if q == 1:
        return {"epsilon": gaussian_epsilon(sigma / math.sqrt(steps), delta), "method": "gaussian"}
    sides = [prv_epsilon(q, sigma, steps, delta, remove) for remove in (True, False)]
    bound = max(bound for _, bound in sides)
    if all(epsilon is None for epsilon, _ in sides):
        return {"epsilon": None, "bound": bound, "method": "renyi"}
    prv = max(epsilon or 0.0 for epsilon, _ in sides)
    if any(epsilon is not None and math.isnan(epsilon) for epsilon, _ in sides):
        return {"epsilon": None, "bound": bound, "method": "none"}
    if bound > 700:
        # exp(epsilon) leaves the range of 64-bit numbers.
        return {"epsilon": None, "bound": bound, "method": "renyi"}
    row = {"epsilon": prv, "method": "prv"}
    if delta >= 1e-11 and 0.01 <= prv <= 60:
        row["dpAccounting"] = google_epsilon(q, sigma, steps, delta, prv)
    return row


def written(path):
    return json.loads(path.read_text()) if path.exists() else []


if __name__ == "__main__":
    # Goes on after the last row that the file holds: delete the file to compute all of them again.
    path = HERE / "extremes.json"
    rows = written(path)
    for k, (q, steps, sigma, delta) in enumerate(random_sets(300, 20260)):
        if k < len(rows):
            continue
        row = {"samplingRate": q, "steps": steps, "noiseMultiplier": sigma, "delta": delta}
        rows.append(row | answer(q, steps, sigma, delta))
        print(k, json.dumps(rows[-1]), file=sys.stderr, flush=True)
        path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
