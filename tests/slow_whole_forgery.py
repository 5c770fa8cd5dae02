"""Every forgery, graded as a class is."""

import unittest

import test_forgery


class WholeCollection(test_forgery.Collection):
    """Takes a build of the whole tree for each."""

    whole = True


if __name__ == "__main__":
    unittest.main()
