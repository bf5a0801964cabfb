"""Ratios against a floor that is taken in the same run: `python -m tests.bench`."""
