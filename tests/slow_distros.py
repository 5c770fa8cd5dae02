"""make check-distros: the tree on Debian's suites, with all their compilers."""

import subprocess
import sys
import unittest

import distros
from support import TOP, clean_environment


class Distros(unittest.TestCase):
    def test_suites(self) -> None:
        """Each compiler of each suite gives full marks, or README excludes it."""
        reason = distros.hindrance(distros.host_mirror())
        if reason:
            self.skipTest(reason)
        done = subprocess.run([sys.executable, str(TOP / "tests/distros.py")],
                              cwd=TOP, env=clean_environment())
        self.assertEqual(done.returncode, 0, "see the table above")


if __name__ == "__main__":
    unittest.main()
