"""The shared core: it knows the OKR cadence, and no chat platform."""
