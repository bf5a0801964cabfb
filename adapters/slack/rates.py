"""Slack's speed limits, kept before Slack has to say so."""

from collections.abc import Callable

A_CHANNEL = 1.0
"""Seconds between two messages in one channel, over time."""
BURST = 8
"""How many Slack takes at once before it counts."""
METHODS = {"chat.update": 50 / 60, "conversations.open": 50 / 60, "conversations.history": 50 / 60,
    "conversations.replies": 50 / 60, "chat.postEphemeral": 100 / 60,
    "users.list": 20 / 60, "users.lookupByEmail": 50 / 60}  # fmt: skip
"""Calls a second of each method that is slower than messages are."""
MANY = 4096


class Rates:
    """One workspace's budget. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}
        self._channels: dict[str, float] = {}

    def wait(self, method: str, channel: str = "") -> float:
        """Seconds until this call is welcome, 0 for now."""
        now = self._clock()
        known = [self._next.get(method, 0.0)]
        if method in METHODS:
            known[0] -= (BURST - 1) / METHODS[method]
        known.append(self._next.get(f"!{method}", 0.0))
        if channel:
            known.append(self._channels.get(channel, 0.0) - (BURST - 1) * A_CHANNEL)
        return max(0.0, max(known) - now)

    def spend(self, method: str, channel: str = "") -> None:
        """The call is made as soon as it is welcome."""
        now = self._clock()
        if method in METHODS:
            self._next[method] = max(now, self._next.get(method, 0.0)) + 1 / METHODS[method]
        if channel:
            self._forget(now)
            self._channels[channel] = max(now, self._channels.get(channel, 0.0)) + A_CHANNEL

    def refused(self, method: str, pause: float) -> None:
        """Slack wants none of these calls for so many seconds."""
        self._next[f"!{method}"] = self._clock() + pause

    def _forget(self, now: float) -> None:
        if len(self._channels) > MANY:
            self._channels = {name: at for name, at in self._channels.items() if at > now}
