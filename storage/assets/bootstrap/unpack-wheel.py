"""Unpacks the members of a wheel whose names start with one of the given prefixes: WHEEL FOLDER PREFIX..."""

import os
import sys
import zipfile

wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    members = [name for name in archive.namelist() if name.startswith(tuple(prefixes))]
    for prefix in prefixes:
        if not any(name.startswith(prefix) for name in members):
            sys.exit(f"{wheel} holds nothing under {prefix}")
    archive.extractall(folder, members)
    # extractall() forgets which files are programs (ptxas of CUDA is one).
    for member in members:
        if archive.getinfo(member).external_attr >> 16 & 0o100:
            os.chmod(os.path.join(folder, member), 0o755)
