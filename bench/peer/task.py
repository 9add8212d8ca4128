"""What every script of the peer shares: its task, its threads, and how it gives its result."""

import json
import os
import sys

import torch
from peak_memory import peak_rss_bytes


def read_task():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    with open(sys.argv[1]) as file:
        return json.load(file)


def give_result(**result):
    result["peakRssBytes"] = peak_rss_bytes()
    print("RESULT " + json.dumps(result), flush=True)
