"""What every script of the peer shares: its task, its threads, and how it gives its result."""

import json
import os
import resource
import sys

import torch


def read_task():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    with open(sys.argv[1]) as file:
        return json.load(file)


def give_result(**result):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes.
    result["peakRssBytes"] = peak if sys.platform == "darwin" else peak * 1024
    print("RESULT " + json.dumps(result), flush=True)
