#!/usr/bin/env python3
"""Writes the list of compile commands that clang's tools and editors read.

    tools/compdb.py OUT FILE... -- FLAG...

OUT, usually obj/compile_commands.json, says how each source FILE is compiled.
The commands are for clang even when gcc builds, because clang's tools do not
know all of gcc's flags: each FLAG must be one that both know. (clangd itself
reads .clangd, so it works before the first make.)
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fileio import replace

COMPILER = ("clang", "--target=i386-unknown-none-elf")
# Each compiler has its own headers such as stddef.h: clang must not use gcc's.
NO_HEADERS, HEADERS = "-nostdinc", "-isystem"
ONLY_ITS_HEADERS = "-nostdlibinc"


def for_clang(flags: List[str]) -> List[str]:
    """The flags, with clang's own headers in place of another compiler's."""
    kept: List[str] = []
    words = iter(flags)
    for word in words:
        if word == HEADERS:
            next(words, None)
        else:
            kept.append(ONLY_ITS_HEADERS if word == NO_HEADERS else word)
    return kept


def database(folder: str, files: List[str], flags: List[str]
             ) -> List[Dict[str, Any]]:
    """An entry for each file; file names are relative to the folder."""
    words = [*COMPILER, *for_clang(flags), "-c"]
    return [{"directory": folder, "file": file, "arguments": [*words, file]}
            for file in files]


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if "--" not in argv or argv.index("--") < 1:
        print("usage: compdb.py OUT FILE... -- FLAG...", file=sys.stderr)
        return 1
    end = argv.index("--")
    entries = database(os.getcwd(), argv[1:end], argv[end + 1:])
    try:
        replace(Path(argv[0]), (json.dumps(entries, indent=1) + "\n").encode())
    except OSError as err:
        print(f"compdb: {err.filename}: {err.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
