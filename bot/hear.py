"""From a person: one event, one reply, after the commit."""

import re
from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace
from sqlmodel import Session

from bot import admins
from bot.chat.cards import Card
from bot.chat.events import (
    Arrived,
    Clicked,
    Event,
    Left,
    Opened,
    PlaceChanged,
    Profile,
    ProfileChanged,
    Submitted,
    Typed,
    WorkspaceChanged,
)
from bot.chat.reading import clean
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, decode, encode
from bot.chat.who import Actor
from bot.flow import Flow, Forgotten, Parts, Said, Turn, Word, meant, once
from bot.flows import begun, flows, spellings, words
from bot.guess import guess
from bot.learn import learn
from bot.offer import finder, offered
from bot.term import NotSetUp, term_of
from bot.texts import Voice
from bot.workspaces import changed
from storage import cycles, inbound, pending, people
from storage.people import Identity

HEARD_AGAIN = timedelta(hours=1)
HOME = "home"


def hear(session: Session, event: Event, now: datetime) -> Reply:
    """Answer an event in one transaction; the same event again gets the same reply."""
    match event:
        case Typed() | Clicked() | Submitted() | Opened():
            source = f"{event.actor.platform}/{event.actor.workspace}"
            before = inbound.reply_to(session, source, event.id)
            if before is not None:
                return decode(before)
            reply = _answer(session, event, now)
            inbound.note(session, source, event.id, now, encode(reply))
            return reply
        case Arrived() | Left() | ProfileChanged() | PlaceChanged():
            learn(session, event, now)
            return Quiet()
        case WorkspaceChanged():
            changed(session, event, now)
            return Quiet()
        case _:
            assert_never(event)


def hear_once(
    session: Session, event: Clicked | Submitted, now: datetime, known: dict[object, object]
) -> Reply:
    """Answer an event that surely never comes again, so that nothing is kept of it.

    `known` is what was read for the form that this one fills in, where nothing has changed since:
    who fills it in, and that they were heard from, among it. People are offered only where somebody
    must be named.
    """
    return _answer(session, event, now, keep="who" not in known, known=known)


def reads(event: Event) -> bool:
    """Whether answering this event changes nothing, so that a snapshot will do."""
    match event:
        case Opened():
            return True
        case Typed():
            word = _said(event.text, event)[1]
            return word is None or word.reads
        case _:
            return False


def look(session: Session, event: Event, now: datetime) -> Reply:
    """Answer an event that `reads` said changes nothing.

    `session.info["news"]` says that `keep_in_touch` has something to keep all the same.
    """
    if not isinstance(event, Typed | Opened):
        raise TypeError(f"{type(event).__name__} may change something")
    return _answer(session, event, now, keep=False)


def keep_in_touch(session: Session, event: Event, now: datetime) -> None:
    """Keep where somebody wrote from, where answering them changed nothing."""
    if isinstance(event, Typed):
        actor = event.actor
        found = people.behind(session, actor.platform, actor.workspace, actor.id)
        if found is not None:
            _keep_in_touch(session, event, found[1], now)


class Unknown(Exception):
    """We do not know yet whose account this is, or it was switched off: ask its platform."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(f"{actor.platform}/{actor.workspace}/{actor.id}")
        self.actor = actor


def stranger(profile: Profile | None) -> Reply:
    """A polite no to somebody who does not belong to the organisation."""
    voice = Voice(profile.locale if profile and profile.locale else "en")
    name = "hear.guest" if profile and profile.guest else "hear.stranger"
    return Say(Card(voice.line(f"{name}_title"), voice.blocks(name)))


def _answer(
    session: Session,
    event: Typed | Clicked | Submitted | Opened,
    now: datetime,
    *,
    keep: bool = True,
    known: dict[object, object] | None = None,
) -> Reply:
    actor = event.actor
    needed, read = known is not None, known if known is not None else {}
    found = once(
        read, "who", lambda: people.behind(session, actor.platform, actor.workspace, actor.id)
    )
    if found is None or not found[0].active:
        raise Unknown(actor)
    person, identity = found
    try:
        at_the_moment = term_of(once(read, "ours", lambda: cycles.ours(session)), now)
    except NotSetUp:
        voice = Voice(person.locale or "en", person.zone or "UTC")
        return Say(Card(voice.line("hear.not_set_up_title"), voice.blocks("hear.not_set_up")))
    if keep:
        _keep_in_touch(session, event, identity, now)
    elif isinstance(event, Typed) and _is_news(event, identity):
        session.info["news"] = True
    private = event.private if not isinstance(event, Opened) else True
    message = event.message if isinstance(event, Clicked) else ""
    turn = Turn(session, now, at_the_moment, person, event.at, private, message, read)
    if isinstance(event, Typed | Opened):
        return _spoken(turn, offered(turn, _dispatch(turn, event)))
    try:
        return _spoken(turn, offered(turn, _dispatch(turn, event), needed=needed))
    except Forgotten:
        pending.undo(session)  # "nothing has changed" must be true
        _keep_in_touch(session, event, identity, now)
        return turn.say("hear.forgotten_title", "hear.forgotten")


def _dispatch(turn: Turn, event: Typed | Clicked | Submitted | Opened) -> Reply:
    match event:
        case Opened():
            return flows()[HOME].typed(turn, Said(HOME))
        case Typed():
            return _typed(turn, event)
        case Clicked(action=meaning):
            flow, verb, args = _meant(meaning)
            form = flow.form(turn, verb, args)
            if form is None:
                return flow.click(turn, verb, args)
            turn.known["form", form.action] = form
            return Open(form)
        case Submitted(action=meaning, values=values):
            flow, verb, args = _meant(meaning)
            form = turn.once(("form", meaning), lambda: flow.form(turn, verb, args))
            if form is None:
                raise Forgotten(meaning)
            return flow.submit(turn, verb, args, form, form.read(values, finder(turn)))
        case _:
            assert_never(event)


def _meant(meaning: str) -> tuple[Flow, str, Parts]:
    name, verb, rest = meant(meaning)
    flow = flows().get(name)
    if flow is None:
        raise Forgotten(name[:80])
    return flow, verb, rest


def _typed(turn: Turn, event: Typed) -> Reply:
    said, word = _said(event.text, event)
    if word is None:
        return Say(guess(turn, event.text, spellings(admin=turn.person.admin)))
    if word.admin and not turn.person.admin:
        return admins.only(turn, word.name)
    return words()[word.name][0].typed(turn, said)


def _said(text: str, event: Typed) -> tuple[Said, Word | None]:
    """The command in a text, and its word; None where there is none like it."""
    text = clean(text)
    if text.startswith("@") or (event.mentions and not re.match(r"\w", text)):
        return Said("@", text.lstrip("@"), event.mentions), words()["@"][1]
    if not text:
        return Said(HOME), words()[HOME][1]
    found = begun(text)
    if found is None:
        return Said(text), None
    word, rest = found
    return Said(word.name, rest, event.mentions), word


def _keep_in_touch(
    session: Session,
    event: Typed | Clicked | Submitted | Opened,
    identity: Identity,
    now: datetime,
) -> None:
    """Where somebody last wrote from is where the bot writes to them."""
    if isinstance(event, Opened):
        return
    if now - identity.heard_at < HEARD_AGAIN and not _is_news(event, identity):
        return
    if identity.unreachable is not None:
        session.info["replan"] = True
    people.heard_from(session, identity, now, _dm(event, identity))


def _spoken(turn: Turn, reply: Reply) -> Reply:
    """The reply with its reader's locale, for words that a platform adds."""
    locale = turn.voice.locale
    match reply:
        case Say(card=card) if card.locale != locale:
            return replace(reply, card=replace(card, locale=locale))
        case Open(form=form) | Fix(form=form) if form.locale != locale:
            return replace(reply, form=replace(form, locale=locale))
        case _:
            return reply


def _is_news(event: Typed | Clicked | Submitted, identity: Identity) -> bool:
    """Whether somebody writes from elsewhere than we thought, or is heard from again."""
    return _dm(event, identity) != identity.address or identity.unreachable is not None


def _dm(event: Typed | Clicked | Submitted, identity: Identity) -> str | None:
    """Where direct messages to somebody go, as their newest event says."""
    return event.at.address if event.private else identity.address
