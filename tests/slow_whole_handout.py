"""The student's trees, each with every compiler."""

import unittest

import test_handout


class WholeGraded(test_handout.Graded):
    """Takes some minutes more than those of make check."""

    whole = True


if __name__ == "__main__":
    unittest.main()
