"""The README's pictures, taken from the demo by `make pictures`.

`teams.png` was taken by hand in Microsoft 365 Agents Playground, which is not ours to bring along.
"""
