"""The README's pictures, taken from the demo by `make pictures`."""
