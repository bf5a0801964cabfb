"""Teams' speed limits, kept before Teams has to say so."""

from collections import OrderedDict, deque
from collections.abc import Callable

A_CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
A_TENANT = ((50, 1.0),)
"""So many calls in so many seconds."""
MANY = 20_000


class Rates:
    """The budget of each conversation and tenant. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._spent: OrderedDict[str, deque[float]] = OrderedDict()
        self._closed: dict[str, float] = {}

    def wait(self, tenant: str, conversation: str) -> float:
        """Seconds until a call is welcome, 0 for now."""
        now = self._clock()
        free = max(
            self._free(tenant, A_TENANT),
            self._free(conversation, A_CONVERSATION),
            self._closed.get(conversation, 0.0),
        )
        return max(0.0, free - now)

    def spend(self, tenant: str, conversation: str) -> None:
        """The call is made as soon as it is welcome."""
        at = self._clock() + self.wait(tenant, conversation)
        for name, limits in ((tenant, A_TENANT), (conversation, A_CONVERSATION)):
            spent = self._spent.setdefault(name, deque(maxlen=max(many for many, _ in limits)))
            self._spent.move_to_end(name)
            spent.append(at)
        while len(self._spent) > MANY:
            self._spent.popitem(last=False)

    def refused(self, conversation: str, pause: float) -> None:
        """Teams wants no call there for so many seconds."""
        now = self._clock()
        self._closed = {name: until for name, until in self._closed.items() if until > now}
        self._closed[conversation] = now + pause

    def _free(self, name: str, limits: tuple[tuple[int, float], ...]) -> float:
        """The moment from which another call keeps all limits."""
        spent = self._spent.get(name, ())
        return max(
            (spent[-many] + seconds for many, seconds in limits if len(spent) >= many), default=0.0
        )
