"""Checks a notebook by nbformat: valid, and written as nbformat writes it."""
import sys

import nbformat
from nbformat.v4 import nbjson

text = open(sys.argv[1], encoding="utf-8").read()
nb = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
nbformat.validate(nb)
assert nb.nbformat == 4 and nb.nbformat_minor == 5, (nb.nbformat, nb.nbformat_minor)
assert nbjson.writes(nb) + "\n" == text, "nbformat would write other bytes"
