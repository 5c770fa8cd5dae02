#!/usr/bin/env python3
"""Set the tree up and grade it on Debian's releases, with all their compilers.

    tests/distros.py [--record FILE] [--cache DIR] [--mirror URL] [SUITE ...]
    tests/distros.py --clean

For each suite (oldstable, stable, testing and sid, or a codename), debootstrap
makes a system that has only make and ca-certificates.  `make setup grade` runs
in a copy of it, as for a new user.  Then each gcc-N and clang-N that the suite
offers builds the tree with WERROR=1, and the result is graded.  At the end, a
table of the scores is printed; --record also saves them in a file.

Everything is in a cache outside the tree, which later runs reuse: systems
(updated by apt), packages, and the output of each run in logs/.  Every command
runs in its own mount and process namespace, so that neither mounts nor processes
outlive it, however it ends.
"""

import argparse
import contextlib
import datetime
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from matrix import REFUSED, SETUP, Row, claims, matrix, record
from support import TOP, Done, copy_tree, tail

SUITES = ("oldstable", "stable", "testing", "sid")
NEWCOMER_HAS = ("make", "ca-certificates")
TREE = "root/jos"  # Where the tree is in a system.
LIMIT = 1800.0  # Seconds that one command may take.
NAMESPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child")

# Runs in the namespace: mounts what a system needs, enters it, runs the command.
ENTER = """
set -e
root=$1 packages=$2 folder=$3
shift 3
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mkdir -p "$packages/partial" "$root/var/cache/apt/archives"
mount --bind "$packages" "$root/var/cache/apt/archives"
exec chroot "$root" env -i HOME=/root TERM=dumb \\
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
	DEBIAN_FRONTEND=noninteractive \\
	sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
"""

# Signs of trouble in the output of apt, make and the graders.
TROUBLE = re.compile(r"\*\*\*|\berror\b|\bwarning\b|\bFAIL|undefined reference"
                     r"|Traceback|^E: ", re.I)
# What an outer make prints after an inner one has failed.
PASSED_ON = re.compile(r"make(\[\d+\])?: \*\*\* \[.*\] Error \d+$")
REFUSAL = re.compile(r"[\w./-]+:\d+: \*\*\* (.*?)\.?  Stop\.")


class Trouble(Exception):
    """A system could not be made; the text says why."""


def say(text: str) -> None:
    print(text, flush=True)


def finish(*words: str) -> Done:
    """Run a command in its own namespace."""
    return subprocess.run(
        [*NAMESPACE, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, universal_newlines=True, errors="replace",
        timeout=LIMIT)


def hindrance(mirror: Optional[str]) -> Optional[str]:
    """Why this cannot be done here, or None."""
    if os.geteuid() != 0:
        return "it needs root, for debootstrap and chroot"
    for tool in ("debootstrap", "unshare", "chroot"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    if finish("mount", "-t", "tmpfs", "tmpfs", "/mnt").returncode != 0:
        return "root may not mount here (a container without that right?)"
    if mirror and not answers(mirror):
        return f"the mirror {mirror} does not answer"
    return None


def answers(mirror: str) -> bool:
    """Does apt get a file from the mirror?"""
    with tempfile.TemporaryDirectory() as folder:
        return finish("/usr/lib/apt/apt-helper", "download-file",
                      f"{mirror.rstrip('/')}/dists/stable/Release",
                      f"{folder}/Release").returncode == 0


# --------------------------------------------------------------
# Systems
# --------------------------------------------------------------


@dataclass(frozen=True)
class System:
    """A Debian system in a folder."""

    root: Path
    packages: Path  # The downloaded packages, for all systems of the suite.

    def run(self, *words: str, folder: str = "/") -> Done:
        """Run a command in it, with only the variables of a fresh login."""
        return finish("sh", "-c", ENTER, "sh", str(self.root), str(self.packages),
                      folder, *words)

    def need(self, *words: str) -> str:
        """Run a command that must succeed; returns its output."""
        done = self.run(*words)
        if done.returncode != 0:
            raise Trouble(f"{' '.join(words)[:60]}: {failure(done.stdout)}")
        return done.stdout

    def install(self, *packages: str) -> Done:
        return self.run("apt-get", "install", "-y", "--no-install-recommends",
                        *packages)

    def version(self, command: str) -> str:
        """The first number in its --version output that looks like a version."""
        said = self.run(command, "--version").stdout
        found = re.search(r"\d+\.\d+[\d.]*", said)
        return found[0] if found else "none"


@dataclass(frozen=True)
class Shop:
    """The source of systems: a folder that caches them, and a mirror."""

    cache: Path
    mirror: Optional[str]

    def system(self, suite: str) -> System:
        return System(self.cache / suite / "system", self.cache / suite / "packages")

    def fresh(self, suite: str) -> System:
        """A new user's system, up to date: the cached one, or a new one."""
        kept = self.system(suite)
        if kept.root.exists():
            for step in ("update", "dist-upgrade"):
                done = kept.run("apt-get", "-y", step)
                if done.returncode != 0:
                    say(f"{suite}: apt could not refresh the system that was kept,"
                        f" so a new one is made: {failure(done.stdout)}")
                    break
            else:
                return kept
        self.bootstrap(suite)
        return kept

    def bootstrap(self, suite: str) -> None:
        """Make a system, and replace the cached one by it."""
        say(f"{suite}: debootstrap")
        kept = self.system(suite)
        new = replace(kept, root=kept.root.with_suffix(".new"))
        remove(new.root)
        new.packages.mkdir(parents=True, exist_ok=True)
        mirror = [self.mirror] if self.mirror else []
        done = finish("debootstrap", "--variant=minbase", suite, str(new.root), *mirror)
        if done.returncode != 0:
            raise Trouble(f"debootstrap: {done.stdout.strip().splitlines()[-1]}")
        self.configure(new.root)
        new.need("apt-get", "update")
        new.need("apt-get", "-y", "dist-upgrade")
        new.need("apt-get", "install", "-y", "--no-install-recommends", *NEWCOMER_HAS)
        remove(kept.root)
        new.root.rename(kept.root)

    @staticmethod
    def configure(root: Path) -> None:
        """Configure apt and the network as they are here."""
        if Path("/etc/resolv.conf").exists():
            shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        (root / "etc/apt/apt.conf.d/90host").write_text(host_settings())
        # The system is temporary: nothing has to survive a loss of power.
        (root / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")
        # Packages are kept for the next system.
        (root / "etc/apt/apt.conf.d/91keep").write_text(
            'APT::Keep-Downloaded-Packages "true";\n')
        ptmx = root / "dev/ptmx"
        ptmx.unlink()
        ptmx.symlink_to("pts/ptmx")

    @contextlib.contextmanager
    def newcomer(self, suite: str) -> Iterator[System]:
        """A copy of a fresh system, removed afterwards."""
        fresh = self.fresh(suite)
        copy = replace(fresh, root=fresh.root.with_name("newcomer"))
        remove(copy.root)
        try:
            subprocess.run(["cp", "-a", "--reflink=auto", str(fresh.root),
                            str(copy.root)], check=True)
            yield copy
        finally:
            remove(copy.root)


def remove(root: Path) -> None:
    """Remove a system, but never what is mounted in it."""
    if root.exists():
        subprocess.run(["rm", "-rf", "--one-file-system", str(root)], check=True)


def host_settings() -> str:
    """This machine's apt settings for proxies and the age of lists."""
    said = subprocess.run(["apt-config", "dump", "--format", '%F "%v";%n'],
                          stdout=subprocess.PIPE, universal_newlines=True).stdout
    ours = re.compile(r"Acquire::(https?::Proxy|Check-(Valid-Until|Date))\b")
    return "".join(line + "\n" for line in said.splitlines() if ours.match(line))


def host_mirror() -> Optional[str]:
    """The Debian mirror that this machine's apt uses, if any."""
    if not shutil.which("apt-get"):
        return None
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)",
         "Created-By: Packages", "Origin: Debian"],
        stdout=subprocess.PIPE, universal_newlines=True).stdout
    found = re.search(r"^Debian (\S+)$", said, re.M)
    return found[1] if found else None


# --------------------------------------------------------------
# Building and grading in a system
# --------------------------------------------------------------


def failure(output: str) -> str:
    """The first line with a sign of trouble, or the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in lines if TROUBLE.search(line)),
                lines[-1] if lines else "no output")


def result(done: Done) -> str:
    """A score, a refusal, or the first line of an error."""
    lines = [line for line in done.stdout.strip().splitlines()
             if not PASSED_ON.match(line)]
    refusal = REFUSAL.fullmatch(lines[-1]) if lines else None
    if refusal and not any(line.startswith("+ ") for line in lines):
        return REFUSED + refusal[1]
    total = re.findall(r"^Total: (\d+)/(\d+)", done.stdout, re.M)
    if not total:
        return "failed: " + failure(done.stdout)
    score = "/".join(total[-1])
    if done.returncode == 0 and total[-1][0] == total[-1][1]:
        return score
    return f"{score}: {failure(done.stdout)}"


@dataclass
class Trial:
    """The tree in one system."""

    suite: str
    system: System
    logs: Path

    def __post_init__(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        self.codename = self.system.need(
            "sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").strip()
        if self.suite in ("sid", "unstable"):
            self.codename = "sid"  # Its own files have testing's codename.

    def rows(self) -> Iterator[Row]:
        """The result of each compiler, the default one first."""
        copy_tree(self.system.root / TREE)
        newcomer = self.run("make", "setup", "grade")
        yield self.row(newcomer, SETUP, *self.chosen())
        offered = self.offered()
        missing = self.install(offered)
        for compiler, linker in offered:
            lacks = missing.get(compiler) or missing.get(linker)
            if lacks:
                say(f"{self.codename}: {compiler} {linker} not tried: {lacks}")
            else:
                yield self.row(self.grade(compiler, linker), compiler, compiler, linker)

    def run(self, *words: str) -> Done:
        return self.system.run(*words, folder="/" + TREE)

    def chosen(self) -> Tuple[str, str]:
        """The compiler and linker that make chose by itself."""
        fragment = self.system.root / TREE / "obj/toolchain.mk"
        text = fragment.read_text() if fragment.exists() else ""
        found = dict(re.findall(r"^(CC|LD) := (\S+)", text, re.M))
        return found.get("CC", "gcc"), found.get("LD", "ld")

    def offered(self) -> List[Tuple[str, str]]:
        """Each compiler that the suite offers by version, with each linker."""
        names = self.system.need("apt-cache", "search", "--names-only",
                                 r"^(gcc|clang|lld)-[0-9]+$")
        versions: Dict[str, List[int]] = {"gcc": [], "clang": [], "lld": []}
        for name, number in re.findall(r"^(gcc|clang|lld)-(\d+) ", names, re.M):
            versions[name].append(int(number))
        pairs = [(f"gcc-{number}", "ld") for number in sorted(versions["gcc"])]
        for number in sorted(versions["clang"]):
            pairs.append((f"clang-{number}", "ld"))
            if number in versions["lld"]:
                pairs.append((f"clang-{number}", f"ld.lld-{number}"))
        if versions["gcc"] and versions["lld"]:
            newest = {name: max(numbers) for name, numbers in versions.items()}
            pairs.append((f"gcc-{newest['gcc']}", f"ld.lld-{newest['lld']}"))
        return pairs

    def install(self, offered: List[Tuple[str, str]]) -> Dict[str, str]:
        """Install them; returns the failed ones, with reasons."""
        packages = {name: name.replace("ld.lld", "lld") for pair in offered
                    for name in pair if name != "ld"}
        say(f"{self.codename}: installs {' '.join(packages.values())}")
        if self.system.install(*packages.values()).returncode == 0:
            return {}
        missing = {}
        for name, package in packages.items():
            done = self.system.install(package)
            if done.returncode != 0:
                missing[name] = failure(done.stdout)
        return missing

    def grade(self, compiler: str, linker: str) -> Done:
        """Build with -Werror, and grade."""
        obj = f"obj/{compiler}-{linker}"
        words = ("WERROR=1", f"OBJDIR={obj}", f"CC={compiler}", f"LD={linker}")
        done = self.run("make", *words)
        if done.returncode == 0:
            done = self.run("make", "grade", *words)
        shutil.rmtree(self.system.root / TREE / obj, ignore_errors=True)
        return done

    def row(self, done: Done, name: str, compiler: str, linker: str) -> Row:
        version = self.system.version
        family = "clang" if "clang" in compiler else "gcc"
        row = Row(datetime.date.today().isoformat(), self.codename, name,
                  f"{family}-{version(compiler)}", linker, version(linker),
                  version("qemu-system-i386"), version("gdb"), version("make"),
                  version("python3"), result(done))
        log = self.logs / f"{self.codename} {row.name}.log".replace(" ", "-")
        log.write_text(done.stdout)
        say(f"{self.codename}: {row.name} ({row.version}): {row.result}")
        if not row.full:
            say(tail(done.stdout, 15) + f"\n(all of it: {log})")
        return row


def try_suites(suites: List[str], shop: Shop,
               keep: Path) -> Tuple[List[Row], List[str]]:
    """The rows of each suite, recorded as they come, and the errors."""
    rows: List[Row] = []
    troubles: List[str] = []
    for suite in suites:
        try:
            with shop.newcomer(suite) as system:
                here: List[Row] = []
                for row in Trial(suite, system, shop.cache / "logs").rows():
                    here.append(row)
                    record(keep, here)
                rows += here
        except Trouble as trouble:
            troubles.append(f"{suite}: {trouble}")
            say(troubles[-1])
    return rows, troubles


# --------------------------------------------------------------
# The command
# --------------------------------------------------------------


@contextlib.contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Lock the cache, which only one run at a time may use."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"check-distros: another run uses {cache}") from None
        yield


def arguments() -> argparse.Namespace:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    parser = argparse.ArgumentParser(
        description="Set the tree up and grade it on Debian's releases.")
    parser.add_argument("--cache", type=Path, default=Path(home) / "jos-distros",
                        help="where systems are kept (%(default)s)")
    parser.add_argument("--mirror", default=os.environ.get("DISTROS_MIRROR"),
                        help="of Debian (or DISTROS_MIRROR; this machine's)")
    parser.add_argument("--record", type=Path, default=TOP / "obj/distros.txt",
                        help="the file that keeps the results (obj/distros.txt)")
    parser.add_argument("--clean", action="store_true",
                        help="remove the cache, and stop")
    parser.add_argument("suites", nargs="*", metavar="SUITE", default=list(SUITES))
    return parser.parse_args()


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("check-distros: interrupted"))
    options = arguments()
    mirror = options.mirror or host_mirror()
    reason = None if options.clean else hindrance(mirror)
    if reason:
        say(f"check-distros: skipped: {reason}")
        return 1
    began = time.monotonic()
    with alone(options.cache):
        if options.clean:
            remove(options.cache)
            return 0
        shop = Shop(options.cache, mirror)
        rows, troubles = try_suites(options.suites, shop, options.record)
    claimed = claims((TOP / "README.md").read_text())
    bad = [row for row in rows if not row.good(claimed)]
    if rows:
        say("\n" + matrix(rows))
    for trouble in troubles:
        say(f"not done: {trouble}")
    say(f"{len(rows) - len(bad)} as they should be, {len(bad)} not"
        f" ({time.monotonic() - began:.0f}s; {options.record})")
    return 1 if bad or troubles or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
