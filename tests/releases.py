#!/usr/bin/env python3
"""Earlier releases, as small data: the parts of students' trees that tests need.

    tests/releases.py pack COMMIT...   makes tests/data/releases.tar.xz
    tests/releases.py moves            records in labs/moves.json what was given

Of each release the archive has, below the name of its commit: in handed/ the
files with exercises as they were handed out, in solved/ the same with all
exercises solved, and in tree/ what an update needs of a student's tree.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Dict, List, Tuple

TOP = Path(__file__).resolve().parent.parent
DATA = TOP / "tests/data/releases.tar.xz"
NEEDED = ("labs/exercises.json", "labs/release.sha256", "conf/lab.mk",
          "tools/update.py", "tools/exercises.py", "tools/release.py")

sys.path.insert(0, str(TOP / "tools"))

import carry  # noqa: E402
import exercises  # noqa: E402

Files = Dict[str, bytes]


def render(commit: str, place: Path) -> Tuple[Path, Path]:
    """The student's trees of a commit, with nothing and with all solved."""
    full = place / "full"
    for words in (["clone", "-q", "--no-checkout", str(TOP), str(full)],
                  ["-C", str(full), "checkout", "-q", commit]):
        subprocess.run(["git", *words], check=True)
    last = max(one.lab for one in exercises.load_exercises(full))
    trees = place / "handed", place / "solved"
    for tree, solved in zip(trees, (0, last)):
        subprocess.run([sys.executable, str(full / "tools/handout.py"), str(tree),
                        "--lab", str(last), "--solved", str(solved)],
                       stdout=subprocess.DEVNULL, check=True)
    return trees


def pick(commit: str) -> Files:
    """The archive's files for a commit."""
    files: Files = {}
    with tempfile.TemporaryDirectory() as folder:
        handed, solved = render(commit, Path(folder))
        for name in exercises.files_of(exercises.load_exercises(handed)):
            for kind, tree in (("handed", handed), ("solved", solved)):
                files[f"{commit}/{kind}/{name}"] = (tree / name).read_bytes()
        for name in NEEDED:
            files[f"{commit}/tree/{name}"] = (handed / name).read_bytes()
    return files


def pack(commits: List[str]) -> None:
    """Makes the archive; the same commits make the same one."""
    with tarfile.open(DATA, "w:xz", preset=9) as archive:
        for commit in commits:
            for name, data in sorted(pick(commit).items()):
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))


def load() -> Dict[str, Dict[str, Files]]:
    """The archive: by commit and folder, the files by name."""
    releases: Dict[str, Dict[str, Files]] = {}
    with tarfile.open(DATA) as archive:
        for entry in archive:
            commit, kind, name = entry.name.split("/", 2)
            file = archive.extractfile(entry)
            assert file is not None
            releases.setdefault(commit, {}).setdefault(kind, {})[name] = file.read()
    return releases


def given_digests() -> List[str]:
    """The digests of all that was given in files with exercises."""
    moves = carry.Moves.load(TOP)
    found = set()
    for release in load().values():
        for name, data in release["handed"].items():
            found |= carry.given_of(name, data.decode(), moves)
    return sorted(found)


def enter_digests() -> None:
    """Writes labs/moves.json again, with the digests of what was given."""
    path = TOP / carry.MOVES
    read = json.loads(path.read_text())
    read["given"] = given_digests()
    moved = ",\n  ".join(json.dumps(entry) for entry in read["moved"])
    functions = json.dumps(read["functions"], indent=2).replace("\n", "\n ")
    given = " ".join(read["given"])
    path.write_text(f'{{\n "moved": [\n  {moved}\n ],\n "functions": '
                    f'{functions},\n "given": "{given}"\n}}\n')


if __name__ == "__main__":
    if sys.argv[1:2] == ["pack"] and sys.argv[2:]:
        pack(sys.argv[2:])
    elif sys.argv[1:] == ["moves"]:
        enter_digests()
    else:
        sys.exit(str(__doc__))
