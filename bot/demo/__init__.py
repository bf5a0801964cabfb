"""The sample company of the demo."""
