"""The bot among failures: real processes, killed, frozen and cut off. `make chaos` has more of it.

A platform, the bot's workers and the tests are processes apart. What counts is what stands on the
platform in the end: readers see nothing else.
"""
