"""Slack's speed limits, kept before Slack has to say so, and learnt where it does.

Slack limits each method for a whole workspace, by the minute, and messages in one channel besides.
"""

from bisect import bisect_right, insort
from collections.abc import Callable

A_MINUTE = 60.0
A_CHANNEL = 1.0
"""Seconds between two messages in one channel, over time."""
BURST = 8
"""How many one channel takes at once before it counts."""
IN_A_ROW = (BURST - 1) * A_CHANNEL
POST = "chat.postMessage"
A_SECOND = 4.0
"""Messages to one workspace: Slack takes "several hundred" a minute."""
METHODS = {
    "chat.update": 50,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "chat.postEphemeral": 100,
    "users.list": 20,
    "users.lookupByEmail": 50,
}
"""Calls a minute of each method that is slower than messages are."""
ROOM = 0.97
"""As much of a limit is used: what is sent in one minute may arrive in another."""
A_LITTLE = 0.1
"""Seconds beyond a pause that Slack asks for: its clock is not ours."""
LEARNT_FOR = 3600.0
MANY = 4096


class Rates:
    """One workspace's budget. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float], rate: float = A_SECOND) -> None:
        self._clock = clock
        self._limits = {method: ROOM * limit for method, limit in METHODS.items()}
        self._limits[POST] = A_MINUTE * rate
        self._calls: dict[str, list[float]] = {}
        self._learnt: dict[str, tuple[float, float]] = {}
        self._next: dict[str, float] = {}
        self._paused: dict[str, float] = {}
        self._channels: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._gone: dict[str, float] = {}
        self._turns: dict[str, float] = {}

    def wait(self, method: str, channel: str = "") -> float:
        """Seconds until a new call is welcome, 0 for now."""
        return max(self._by_method(method), self._by_channel(channel)) - self._clock()

    def turn(self, method: str, channel: str = "", key: str = "") -> float:
        """Seconds until this call's turn; its place in the channel stays its own.

        Who asks again by the same key is not put behind those that came later.
        """
        now, at = self._clock(), self._turns.get(key) if key else None
        if at is None:
            at = self._by_channel(channel)
            if channel:
                self._channels[channel] = max(at, self._channels.get(channel, at)) + A_CHANNEL
        at = max(at, self._by_method(method), self._gone.get(channel, now) - IN_A_ROW)
        if channel:
            self._last[channel] = max(at, self._last.get(channel, at))
        if key:
            self._turns[key] = at
        return at - now

    def went(self, method: str, channel: str = "", key: str = "") -> None:
        """The call is made as soon as it is its turn, which is over."""
        at = max(self._by_method(method), self._turns.pop(key, 0.0))
        self._spent(method, at)
        if channel:
            self._forget()
            self._gone[channel] = max(at, self._gone.get(channel, at)) + A_CHANNEL

    def spend(self, method: str, channel: str = "") -> None:
        """A call for somebody who waits is made now, whatever that leaves for the others."""
        now = self._clock()
        self._spent(method, now)
        if channel:
            self._channels[channel] = max(now, self._channels.get(channel, now)) + A_CHANNEL

    def paused(self, method: str) -> float:
        """Seconds for which Slack wants none of these calls."""
        return max(0.0, self._paused.get(method, 0.0) - self._clock())

    def refused(self, method: str, pause: float, channel: str = "", key: str = "") -> None:
        """Slack wants none of these calls for so many seconds; this one is the next there."""
        at = self._paused[method] = self._clock() + pause + A_LITTLE
        if key:
            self._turns[key] = self._last[channel] = at

    def learn(self, method: str) -> None:
        """Slack took no more in this minute: for an hour it gets no more in any.

        Where that is very few it was something else that Slack did not like.
        """
        now, calls = self._clock(), self._calls.get(method, [])
        made = bisect_right(calls, now) - bisect_right(calls, now - A_MINUTE) - 1
        if made >= self._limits.get(method, A_MINUTE * A_SECOND) / 5:
            self._learnt[method] = made * ROOM, now + LEARNT_FOR

    def _by_channel(self, channel: str) -> float:
        now = self._clock()
        at = max(now, self._channels.get(channel, now) - IN_A_ROW)
        last = self._last.get(channel, now)
        return max(at, last + A_CHANNEL) if last > now else at

    def _by_method(self, method: str) -> float:
        now, calls = self._clock(), self._calls.get(method, [])
        at = [now, self._paused.get(method, now), self._next.get(method, now)]
        limit = int(self._limits.get(method, 0))
        if limit and len(calls) >= limit:
            at.append(calls[-limit] + A_MINUTE)
        return max(at)

    def _spent(self, method: str, at: float) -> None:
        now, calls = self._clock(), self._calls.setdefault(method, [])
        learnt, until = self._learnt.get(method, (0.0, 0.0))
        if now < until:
            self._next[method] = at + A_MINUTE / learnt
        insort(calls, at)
        del calls[: bisect_right(calls, now - A_MINUTE)]

    def _forget(self) -> None:
        now = self._clock()
        if len(self._channels) > MANY:
            self._channels = {name: at for name, at in self._channels.items() if at > now}
            self._gone = {name: at for name, at in self._gone.items() if at > now}
            self._last = {name: at for name, at in self._last.items() if at > now}
            self._turns = {key: at for key, at in self._turns.items() if at > now - LEARNT_FOR}
