"""Whether the bot is well, for those who run it: health, metrics, and what did not arrive."""
