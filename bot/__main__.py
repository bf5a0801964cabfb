"""Where everything meets: adapters, clock, command line. Nothing else looks at a clock."""

from datetime import UTC, datetime
from functools import partial

from adapters import load, verbs, with_verbs
from bot.commands import command_line


def main() -> None:
    """The command `okr`."""
    platforms = {name: partial(verbs, name) for name in with_verbs()}
    command_line(load, lambda: datetime.now(UTC), platforms)()


if __name__ == "__main__":
    main()
