"""What did not arrive, for admins: who cannot be reached and why, and what to do about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Word
from bot.flows.report import cards, samples
from bot.flows.report.state import state
from bot.texts import Voice
from storage import letters as post
from storage import people, teams
from storage.letters import Letter


class Report(Flow):
    """`report`; and a notice to lead and admins about a summary that nobody can tell of."""

    name = "report"
    words = (Word("report", reads=True, admin=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """Everything at a glance."""
        return Say(cards.report(turn.voice, state(turn.session, turn.term)))

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """The notice about each summary, in its reader's words."""
        ours = {letter.id or 0: letter.subject.split("/", 3) for letter in letters}
        lost = post.by_numbers(session, [int(own[0]) for own in ours.values() if len(own) == 1])
        readers = people.people(session, {letter.person_id or 0 for letter in letters})
        known = teams.teams(session, {summary.team_id or 0 for summary in lost.values()})
        channels = teams.channels(session, known)
        written: dict[int, Card | None] = {}
        for letter in letters:
            subject, reader = ours[letter.id or 0], readers.get(letter.person_id or 0)
            if len(subject) > 1 and reader is not None:
                card = cards.shut_out(term.voice_of(reader), *subject[1:])
                written[letter.id or 0] = card
                continue
            summary = lost.get(int(subject[0]))
            team = known.get(summary.team_id or 0) if summary else None
            if summary is not None and reader is not None and team is not None:
                own = [c for c in channels.get(team.id or 0, ()) if c.address == summary.address]
                channel = own[0].name if own else ""
                voice = term.voice_of(reader)
                card = cards.perhaps(voice, team.name, summary.week or 0, channel)
                written[letter.id or 0] = card
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """Admins, and the lead of a team, hear of what may not have arrived."""
        return voice.line("report.because")

    def examples(self, voice: Voice) -> Iterable[Example]:
        """All is well, much is not, and a summary that may not have arrived."""
        return samples.examples(voice)


def command_line(session: Session, term: Term, voice: Voice) -> Card:
    """The same for `okr report`."""
    return cards.report(voice, state(session, term))


flow = Report()
