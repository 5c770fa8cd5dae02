"""The walk through the labs with all tests at each step of every lab."""

import unittest

import test_walk


class WholeWalk(test_walk.Walk):
    """Takes some minutes more than the walk of make check."""

    whole = True


if __name__ == "__main__":
    unittest.main()
