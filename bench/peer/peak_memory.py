"""The most memory that this process has held."""

import re
import resource
import sys


def peak_rss_bytes():
    """In bytes. ru_maxrss on Linux counts in what the process that started this one held."""
    try:
        with open("/proc/self/status") as file:
            return int(re.search(r"^VmHWM:\s*(\d+) kB$", file.read(), re.MULTILINE)[1]) * 1024
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # macOS counts bytes.
        return peak if sys.platform == "darwin" else peak * 1024
