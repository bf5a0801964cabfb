"""`okr person …`: what is kept of somebody, as a file, or gone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

import typer

from bot.commands.rooms import looked_at
from bot.commands.short import done
from bot.outside import privacy

EMAIL = Annotated[str, typer.Argument(help="Their e-mail address.")]
GONE = """\
{name} has taken their place: their notes, thanks, blockers and promises are gone, and their name
with them; the team's values and grades are as they were. What cannot be reached from here:
- messages that were posted already, on the platform (those of this week are edited where possible)
- backups and copies of the database, which hold what it held then
- what they said anonymously in a retrospective: nobody can know which words were theirs
- titles, milestones and decisions that they wrote for a team: these are the team's
- your import files: take them out there too, or the next import brings them back
"""


def commands(now: Callable[[], datetime]) -> Mapping[str, Callable[..., None]]:
    """What `okr person` can do, by word."""

    def export(email: EMAIL) -> None:
        """Print everything that is kept of somebody, as JSON."""
        with looked_at() as database:
            found = database.read_now(lambda session: privacy.export(session, email), patience=None)
        typer.echo(found.decode())

    def erase(
        email: EMAIL, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
    ) -> None:
        """Erase somebody and their words for good; the team keeps its numbers."""
        with looked_at() as database:
            person = database.read_now(lambda session: privacy.found(session, email))
        if not yes:
            typer.confirm(f"Erase {person.name} and all they wrote, for good?", abort=True)
        typer.echo(GONE.format(name=done("person erase", {"email": email}, now)["name"]), nl=False)

    return {"export": export, "erase": erase}
