"""Where everything meets: adapters, clock, command line. Nothing else looks at a clock."""

from datetime import UTC, datetime

from adapters import load
from bot.commands import command_line


def main() -> None:
    """The command `okr`."""
    command_line(load, lambda: datetime.now(UTC))()


if __name__ == "__main__":
    main()
