"""Slack's own side of its speed limits: whoever calls too often is told how long to wait.

Each method has a sliding minute for the workspace; one channel takes a message a second and a short
burst. While somebody has to wait, every further call of the method is refused as well.
"""

import math
from collections import Counter, deque
from collections.abc import Callable

A_MINUTE = 60.0
BURST = 10
MESSAGES = 300
""""Several hundred" a minute for a workspace."""
SLOW, MIDDLE, FAST = 20, 50, 100
TIERS = {
    "chat.update": MIDDLE,
    "chat.delete": MIDDLE,
    "chat.postEphemeral": FAST,
    "conversations.history": MIDDLE,
    "conversations.join": MIDDLE,
    "conversations.open": MIDDLE,
    "conversations.replies": MIDDLE,
    "users.info": FAST,
    "users.list": SLOW,
    "users.lookupByEmail": MIDDLE,
    "views.open": FAST,
    "views.publish": FAST,
    "views.push": FAST,
    "views.update": FAST,
}


class Tiers:
    """One app in one workspace. `clock` counts seconds; `speed` lets Slack's own run faster."""

    def __init__(
        self, clock: Callable[[], float], messages: int = MESSAGES, speed: float = 1.0
    ) -> None:
        self._clock, self._speed = clock, speed
        self._limits = {**TIERS, "chat.postMessage": messages}
        self._taken: dict[str, deque[float]] = {}
        self._channels: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self.refused: Counter[str] = Counter()
        """How often each method was."""

    def refuse(self, method: str, channel: str = "") -> int:
        """Whole seconds to wait, 0 where the call is taken."""
        now = self._clock() * self._speed
        if left := self._left(method, channel, now):
            self.refused[method] += 1
            self._until[method] = max(self._until.get(method, 0.0), now + left)
            return math.ceil(left / self._speed)
        self._taken.setdefault(method, deque()).append(now)
        if method == "chat.postMessage":
            self._channels[channel] = max(now, self._channels.get(channel, now)) + 1
        return 0

    def _left(self, method: str, channel: str, now: float) -> float:
        left = [0.0, self._until.get(method, now) - now]
        taken, limit = self._taken.get(method, deque()), self._limits.get(method, 0)
        while taken and taken[0] <= now - A_MINUTE:
            taken.popleft()
        if limit and len(taken) >= limit:
            left.append(taken[0] + A_MINUTE - now)
        if method == "chat.postMessage":
            left.append(self._channels.get(channel, now) - BURST + 1 - now)
        return max(left)

    def shut(self, method: str, seconds: float) -> None:
        """Take none of these calls for so long."""
        self._until[method] = self._clock() * self._speed + seconds
