"""Admin rights, given and taken; the last admin stays."""

from bot.chat.replies import Reply
from bot.flow import Said, Turn
from bot.flows.setup import parts
from bot.likeness import spelt
from bot.texts import brief
from bot.whom import whom
from storage import audit, people


def admin(turn: Turn, said: Said) -> Reply:
    """`setup admin @person` and `setup admin @person off`."""
    who, rest, name = whom(turn, said, bare=True)
    if who is None:
        return turn.say("setup.admin_who_title", "setup.admin_who", name=brief(name, 60))
    wanted = not rest
    if rest and spelt(rest) not in parts.known(parts.OF_RIGHTS):
        return turn.say("setup.admin_what_title", "setup.admin_what", typed=brief(rest, 60))
    if who.admin == wanted:
        return turn.say("setup.admin_same_title", "setup.admin_same", name=who.name, admin=wanted)
    if not wanted and len(people.admins(turn.session)) == 1:
        return turn.say("setup.admin_last_title", "setup.admin_last", name=who.name)
    before = audit.fields(who)
    who.admin = wanted
    turn.session.add(who)
    after = audit.fields(who)
    audit.note(turn.session, turn.now, "person", who.id, by=turn.me, before=before, after=after)
    text = "setup.admin" if wanted else "setup.admin_off"
    return turn.say(f"{text}_title", text, name=who.name)
