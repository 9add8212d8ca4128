"""Unpacks the members of a wheel whose names start with one of the given prefixes: WHEEL FOLDER PREFIX..."""

import sys
import zipfile

wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    members = [name for name in archive.namelist() if name.startswith(tuple(prefixes))]
    for prefix in prefixes:
        if not any(name.startswith(prefix) for name in members):
            sys.exit(f"{wheel} holds nothing under {prefix}")
    archive.extractall(folder, members)
