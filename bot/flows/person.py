"""What somebody works on: "@Alice"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import cast, picture
from bot.chat.cards import Block, Bullets, Button, Card, Text, Words
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.guess import to_team
from bot.likeness import nearest
from bot.picture import Standing
from bot.texts import Voice, brief
from storage import checkins, daysoff, people, teams
from storage.checkins import Blocker, Checkin, Commitment
from storage.people import Person
from storage.teams import Team

LONGEST_LIST = 8
CHOICES = 5
NEAR = 60


@dataclass(frozen=True)
class Desk:
    """One person, as colleagues may see them."""

    person: Person
    week: int | None = None
    away_until: date | None = None
    teams: Sequence[Team] = ()
    standings: Sequence[Standing] = ()
    checkin: Checkin | None = None
    commitments: Sequence[Commitment] = ()
    blockers: Sequence[Blocker] = ()


class Somebody(Flow):
    """Everybody of the organisation may look at everybody."""

    name = "person"
    words = (Word("@", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The person meant; several or none to choose from."""
        name = " ".join(clean(said.rest).lstrip("@ ").split())
        found = _mentioned(turn, said) or _called(turn, name) or _greeted(turn, name)
        if len(found) == 1:
            return Say(card(turn.voice, _desk(turn, found[0])))
        if not name:
            return turn.say("person.whom_title", "person.whom")
        if found:
            return Say(choice(turn.voice, name, found, near=False))
        way = to_team(turn, name)
        return Say(way or choice(turn.voice, name, _near(turn, name), near=True))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        person = people.person(turn.session, int(args[0])) if verb == "show" else None
        if person is None or not person.active:
            return super().click(turn, verb, args)
        return Say(card(turn.voice, _desk(turn, person)))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob at work, Dana away, and names that are not clear."""
        return _examples(voice)


def _mentioned(turn: Turn, said: Said) -> Sequence[Person]:
    for one in said.mentions:
        actor = one.actor
        found = people.by_account(turn.session, actor.platform, actor.workspace, actor.id)
        if found is not None and found[0].active:
            return [found[0]]
    return ()


def _called(turn: Turn, name: str) -> Sequence[Person]:
    """Those one of whose names it is; else those whose name or address holds it."""
    if not name:
        return ()
    said = name.casefold()
    found = people.by_name(turn.session, name) or [
        p for p in people.everyone(turn.session) if said in p.name.casefold()
    ]  # databases know capital letters of English only
    exact = [p for p in found if said in (p.name.casefold(), p.email.casefold())]
    first = [p for p in found if said in p.name.casefold().split()]
    return exact[:1] or first or found


def _greeted(turn: Turn, text: str) -> Sequence[Person]:
    """Whose name the text begins with: "@bob how are you"."""
    found = _called(turn, text.partition(" ")[0].rstrip("?!.,:;"))
    return found if len(found) == 1 else ()


def _near(turn: Turn, name: str) -> Sequence[Person]:
    """Those whose full name, or one word of it, reads most like this."""
    known = {p.id or 0: p for p in people.everyone(turn.session)}
    spellings = {
        (number, word): word
        for number, person in known.items()
        for word in (person.name, *person.name.split())
    }
    near = nearest(name, spellings, limit=CHOICES * 2, least=NEAR, whole=True)
    return [known[number] for number in dict.fromkeys(number for number, _ in near)][:CHOICES]


def _desk(turn: Turn, person: Person) -> Desk:
    """Everything about one person, in a fixed number of statements."""
    term, session, number = turn.term, turn.session, person.id or 0
    today = term.day_of(person, turn.now)
    away = daysoff.absences(session, today, today, [number]).get(number, ())
    own = teams.of_person(session, number)
    desk = Desk(person, None, max((a.last for a in away), default=None), own)
    if term.cycle is None or term.week is None:
        return desk
    newest = checkins.commitments(session, term.cycle_id, term.week, [number])
    last = checkins.commitments(session, term.cycle_id, term.week - 1, [number])
    return replace(
        desk,
        week=term.week,
        standings=picture.owned(session, term, [number]).get(number, ()),
        checkin=checkins.checkins(session, term.cycle_id, term.week, [number]).get(number),
        commitments=newest.get(number) or last.get(number) or (),
        blockers=checkins.blockers(session, term.cycle_id, [number]),
    )


def card(voice: Voice, desk: Desk) -> Card:
    """What somebody works on, on one card."""
    blocks: list[Block] = []
    if desk.away_until is not None:
        blocks += voice.blocks("person.away", until=voice.day(desk.away_until))
    if desk.teams:
        names = ", ".join(team.name for team in desk.teams)
        blocks.append(Text(voice.spans("person.teams", names=names), "quiet"))
    blocks += _week(voice, desk)
    blocks += [picture.meter(voice, s) for s in desk.standings[:LONGEST_LIST]]
    if len(desk.standings) > LONGEST_LIST:
        blocks += voice.blocks("person.more", count=len(desk.standings) - LONGEST_LIST)
    if not desk.standings:
        blocks += voice.blocks("person.no_key_results")
    buttons = tuple(
        Button(picture.short(team.name), action("team", "show", team.id)) for team in desk.teams[:2]
    )
    return Card(desk.person.name[:60], tuple(blocks), buttons)


def _week(voice: Voice, desk: Desk) -> Iterator[Block]:
    answered = desk.checkin is not None and desk.checkin.state == "answered"
    if desk.checkin is not None and answered and desk.checkin.line:
        yield voice.text("person.line", line=desk.checkin.line, week=desk.week)
    elif answered:
        yield Text(voice.spans("person.answered", week=desk.week), "quiet")
    for blocker in desk.blockers[:CHOICES]:
        yield voice.text("person.blocker", text=blocker.text)
    if desk.commitments:
        yield voice.text("person.means_to")
        yield Bullets(tuple((Words(c.text),) for c in desk.commitments))


def choice(voice: Voice, typed: str, found: Sequence[Person], *, near: bool) -> Card:
    """Several people, or those whose names are like it."""
    text = "person.unknown" if near else "person.several"
    buttons = tuple(
        Button(picture.short(p.name), action("person", "show", p.id), about=p.email)
        for p in found[:CHOICES]
    )
    title = voice.line("person.unknown_title" if near else "person.several_title")
    blocks = voice.blocks(text, typed=brief(typed, 40), any=bool(found))
    if len(found) > CHOICES:
        blocks += voice.blocks("person.and_more", count=len(found) - CHOICES)
    return Card(title, blocks, buttons)


def _examples(voice: Voice) -> Iterable[Example]:
    growth = (cast.GROWTH,)
    bob = Desk(
        cast.BOB, cast.WEEK, None, growth, cast.standings(answered=True), cast.CHECKIN, cast.NEXT,
        (cast.BLOCKER,),
    )  # fmt: skip
    said = cast.CHECKIN.model_copy(update={"line": cast.HOSTILE, "person_id": 4})
    dana = Desk(cast.DANA, cast.WEEK, date(2026, 11, 13), growth, (), said)
    hostile = cast.DANA.model_copy(update={"name": cast.HOSTILE})
    shown = (
        ("at work", card(voice, bob)),
        ("away, with hostile text", card(voice, dana)),
        ("with a hostile name", card(voice, Desk(hostile, cast.WEEK))),
        ("several", choice(voice, "a", (cast.ALICE, cast.DANA), near=False)),
        ("nobody, but near", choice(voice, "Alise", (cast.ALICE,), near=True)),
        ("nobody at all", choice(voice, cast.HOSTILE, (), near=True)),
    )
    return (Example("person", name, one) for name, one in shown)


flow = Somebody()
