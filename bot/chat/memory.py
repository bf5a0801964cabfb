"""What is kept while nothing better is at hand: before the bot runs, and in `okr doctor`."""


class Memory:
    """A Keep that forgets when the process ends."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """What was put there last."""
        return self.kept.get(key)

    async def put(self, key: str, value: str, *, days: int = 0) -> None:
        """Keep this."""
        self.kept[key] = value

    async def drop(self, key: str) -> None:
        """Forget it."""
        self.kept.pop(key, None)
