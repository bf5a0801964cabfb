"""A whole workspace that shuts the bot out, and lets it in again: nothing that is known is lost."""

from datetime import datetime

from sqlmodel import Session

from bot import ripples
from bot.chat.events import WorkspaceChanged
from bot.term import NotSetUp, term
from storage import audit, people, teams

SHUT_OUT = "workspace_lost"
"""Why accounts and channels take no message while their workspace shuts the bot out."""


def changed(session: Session, event: WorkspaceChanged, now: datetime) -> None:
    """Keep which accounts and channels can be written to, and tell admins elsewhere of a loss."""
    place = event.platform, event.workspace
    if event.change == "lost":
        before, after = None, SHUT_OUT
    else:
        before, after = SHUT_OUT, None
    persons = people.close(session, *place, before, after)
    channels = teams.close(session, *place, before, after)
    if not (persons or channels):  # heard before
        return
    session.info["replan"] = True
    then = {"change": event.change, "reason": event.reason}
    audit.note(
        session, now, "workspace", event.workspace, how=event.platform, before={}, after=then
    )
    if event.change == "lost":
        _tell(session, event, now)


def _tell(session: Session, event: WorkspaceChanged, now: datetime) -> None:
    try:
        at_the_moment = term(session, now)
    except NotSetUp:  # there is nobody to tell yet
        return
    ripples.shut_out(session, at_the_moment, now, event)
