"""An account that nobody could be found for, linked to a person by hand."""

from collections.abc import Sequence

from bot.chat.cards import Button, Card
from bot.chat.forms import Choice, Form, Option, Page, Problem, Read, ShortText
from bot.chat.forms import Person as PersonAsked
from bot.chat.replies import Open, Reply, Say
from bot.flow import Forgotten, Said, Turn, action
from bot.goals.carried import pack, unpack
from bot.texts import Voice
from bot.whom import whom
from storage import audit, people
from storage.people import Identity, Person

LONGEST_ACCOUNT = 100


def typed(turn: Turn, said: Said) -> Reply:
    """`setup link`, `setup link @somebody`, `setup link @somebody Bob`."""
    place, account, rest = turn.at.platform + "/" + turn.at.workspace, "", said.rest
    if said.mentions:
        actor = said.mentions[0].actor
        place, account = f"{actor.platform}/{actor.workspace}", actor.id
        rest = " ".join(said.rest.replace(said.mentions[0].text, " ", 1).split())
    who = whom(turn, Said("setup", rest), bare=True).person
    return Open(_form(turn, place, account, who.id if who else None))


def form(turn: Turn, args: Sequence[str]) -> Form:
    """The form as it was opened: with what was typed before."""
    place, account, who = (*args, "", "", "")[:3]
    return _form(turn, _unpacked(place), _unpacked(account), int(who) if who else None)


def asked(
    voice: Voice, meaning: str, places: Sequence[str], place: str, account: str, who: int | None
) -> Form:
    """Which account is whose."""
    page = Page(
        "",
        (
            Choice(
                id="place",
                label=voice.line("setup.link_place"),
                options=tuple(Option(each, each.strip("/")) for each in places),
                value=place if place in places else places[0],
                required=True,
            ),
            ShortText(
                id="account",
                label=voice.line("setup.link_account"),
                hint=voice.line("setup.link_account_hint"),
                value=account[:LONGEST_ACCOUNT],
                required=True,
                longest=LONGEST_ACCOUNT,
            ),
            PersonAsked(
                id="whose",
                label=voice.line("setup.link_person"),
                value=str(who or ""),
                required=True,
            ),
        ),
        voice.blocks("setup.link_intro"),
    )
    title, submit = voice.line("setup.link_form_title"), voice.line("setup.link_submit")
    return Form(title, meaning, (page,), submit, voice.locale)


def save(turn: Turn, form: Form, read: Read) -> Reply:
    """Link it, unless it belongs to somebody already."""
    platform, _, workspace = read.text("place").partition("/")
    account = read.text("account").lstrip("@")
    person = people.person(turn.session, int(read.text("whose") or 0))
    known = people.by_account(turn.session, platform, workspace, account)
    problems: list[Problem] = []
    if known is not None:
        text = turn.voice.line("setup.link_taken", name=known[0].name)
        problems.append(Problem("account", text))
    wrong = turn.fix(form, read, *problems)
    if wrong is not None or person is None:
        return wrong or turn.say("setup.unlinked_title", "setup.link_gone")
    row = Identity(
        platform=platform,
        workspace=workspace,
        account=account,
        person_id=person.id or 0,
        heard_at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.session.info["replan"] = True
    after = audit.fields(row)
    audit.note(turn.session, turn.now, "identity", row.id, by=turn.me, after=after)
    return Say(linked(turn.voice, row, person))


def linked(voice: Voice, row: Identity, person: Person) -> Card:
    """Whose account it is now."""
    undo = Button(voice.line("setup.unlink"), action("setup", "unlink", row.id or 0), "danger")
    return Card(
        voice.line("setup.linked_title"),
        voice.blocks("setup.linked", name=person.name, account=row.account, email=person.email),
        (undo,),
    )


def unlink(turn: Turn, number: int) -> Reply:
    """Take a link back."""
    row = people.identity(turn.session, number)
    if row is None:
        return turn.say("setup.unlinked_title", "setup.link_gone")
    before = audit.fields(row)
    turn.session.delete(row)
    turn.session.flush()
    turn.session.info["replan"] = True
    audit.note(turn.session, turn.now, "identity", number, by=turn.me, before=before)
    return turn.say("setup.unlinked_title", "setup.unlinked", account=row.account)


def _form(turn: Turn, place: str, account: str, who: int | None) -> Form:
    places = sorted({*people.places(turn.session), f"{turn.at.platform}/{turn.at.workspace}"})
    meaning = action("setup", "link", pack(place), pack(account[:LONGEST_ACCOUNT]), who or "")
    return asked(turn.voice, meaning, places, place, account, who)


def _unpacked(packed: str) -> str:
    try:
        return unpack(packed)
    except ValueError:
        raise Forgotten(packed[:80]) from None
