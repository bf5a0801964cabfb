"""The mid-quarter review of one key result: what is asked, how it is stored, what came of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.chat.cards import Spans
from bot.chat.forms import Choice, Number, Option, Problem, Question, Read, ShortText
from bot.flow import Term, Turn, named
from bot.goals import checks, moving, shown, store
from bot.goals.moving import Goalposts
from bot.goals.values import KeyResultValues
from bot.picture import Standing
from bot.texts import Voice, brief
from storage import objectives, people, reviews
from storage.objectives import KeyResult, Moved, Objective
from storage.people import Person
from storage.reviews import Review

LONGEST = moving.LONGEST_REASON
NUMBERS: Mapping[str, Sequence[str]] = {
    "increase": ("target",),
    "decrease": ("target",),
    "within": ("low", "high"),
}
"""Which goalposts of a kind can be moved."""


@dataclass(frozen=True)
class Given:
    """What was decided of one key result."""

    decision: str
    posts: Goalposts
    obstacle: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was decided, and how it went on: `was` is what counted before it was approved."""

    review: Review
    kr: KeyResult
    objective: Objective
    was: Moved | None = None
    approver: Person | None = None

    @property
    def dropped(self) -> bool:
        """Whether it is dropped and nobody took it back."""
        return self.review.decision == "drop" and self.kr.state == "dropped"

    @property
    def counts(self) -> bool:
        """Whether it is worth telling: what was taken back before anybody agreed is not."""
        return self.dropped or (
            self.review.decision == "adjust" and self.review.state != "withdrawn"
        )


def is_on(term: Term, week: int) -> bool:
    """Whether a week's check-in is the review."""
    return week == term.calendar.review_week


def is_open(term: Term) -> bool:
    """Whether the review can be answered: in its week and the week after."""
    week = term.calendar.review_week
    return term.week in (week, week + 1) and week < term.calendar.retrospective_week


def questions(
    voice: Voice, term: Term, standing: Standing, review: Review | None
) -> Iterator[Question]:
    """The main obstacle; keep, adjust or drop; what it takes to adjust; why."""
    numbers = NUMBERS.get(standing.kr.kind, ())
    allowed = term.organisation.mid_quarter_changes
    adjusts = bool(numbers) and allowed
    hint = "hint" if adjusts else "hint_off" if not allowed else "hint_kind"
    yield ShortText(
        id=f"obstacle-{standing.id}",
        label=voice.line("reviewing.obstacle"),
        hint=voice.line("reviewing.seen_by_team"),
        value=review.obstacle if review else "",
        longest=LONGEST,
    )
    yield Choice(
        id=f"decision-{standing.id}",
        label=voice.line("reviewing.decision" if adjusts else "reviewing.decision_drop"),
        hint=voice.line(f"reviewing.{hint}", number=standing.id),
        options=tuple(
            Option(decision, voice.line(f"reviewing.{decision}"))
            for decision in ("keep", *(["adjust"] if adjusts else []), "drop")
        ),
        value="adjust" if adjusts and _proposed(review) else "keep",
        required=True,
    )
    for name in numbers if adjusts else ():
        yield _number(voice, standing, review, name)
    yield ShortText(
        id=f"reason-{standing.id}",
        label=voice.line("reviewing.reason" if adjusts else "reviewing.reason_drop"),
        hint=voice.line("reviewing.seen_by_team"),
        value=review.reason if review else "",
        longest=LONGEST,
    )


def _number(voice: Voice, standing: Standing, review: Review | None, name: str) -> Number:
    kr = standing.kr
    now = getattr(review if _proposed(review) else kr, name)
    return Number(
        id=f"{name}-{standing.id}",
        label=voice.line(f"reviewing.{name}", unit=kr.unit),
        hint=voice.line("reviewing.number_hint"),
        value="" if now is None else voice.number(now),
    )


def _proposed(review: Review | None) -> bool:
    return (
        review is not None
        and review.decision == "adjust"
        and review.state in ("waiting", "approved")
    )


def given(read: Read, standing: Standing) -> Given:
    """What a form says of one key result; numbers count only where it is adjusted."""
    decision = read.text(f"decision-{standing.id}") or "keep"
    kr, now = standing.kr, Goalposts.of(standing.kr)
    names = NUMBERS.get(kr.kind, ())
    posts = now._replace(**{name: read.number(f"{name}-{standing.id}") for name in names})
    return Given(
        decision,
        posts if decision == "adjust" else now,
        read.text(f"obstacle-{standing.id}"),
        read.text(f"reason-{standing.id}") if decision != "keep" else "",
    )


def problems(
    voice: Voice, read: Read, standing: Standing, review: Review | None
) -> Iterator[Problem]:
    """What cannot be: no new target, an impossible one, no reason."""
    answer = given(read, standing)
    if answer.decision == "keep":
        return
    number = standing.id
    faulty = {fault.question for fault in read.faults}
    found: list[Problem] = []
    if answer.decision == "adjust":
        first = NUMBERS[standing.kr.kind][0]
        values = answer.posts.into(standing.kr)
        for problem in checks.measure(voice, values):
            name = problem.question if problem.question in ("low", "high") else first
            found.append(Problem(f"{name}-{number}", _wrong_way(voice, values) or problem.text))
        settled = review is not None and review.state == "approved"
        if answer.posts == Goalposts.of(standing.kr) and not found and not settled:
            found.append(Problem(f"{first}-{number}", voice.line("reviewing.same")))
    if not answer.reason:
        found.append(Problem(f"reason-{number}", voice.line("reviewing.no_reason")))
    yield from (problem for problem in found if problem.question not in faulty)


def _wrong_way(voice: Voice, values: KeyResultValues) -> str:
    """What is wrong with a target that lies behind its start: this form cannot turn it round."""
    moves = values.kind in ("increase", "decrease")
    if not moves or values.baseline is None or values.target is None:
        return ""
    baseline = voice.number(values.baseline, values.unit)
    return voice.line(f"reviewing.wrong_{values.kind}", baseline=baseline)


def put_all(turn: Turn, standings: Iterable[Standing], week: int, read: Read) -> None:
    """All that a form decides, with one message to each approver."""
    own = {standing.id: standing for standing in standings}
    said = reviews.of_key_results(turn.session, own)
    proposed = [
        _put(turn, standing, week, given(read, standing), said.get(number, ()))
        for number, standing in own.items()
    ]
    moving.ask(turn, [row for row in proposed if row is not None])


def unchanged(turn: Turn, standings: Iterable[Standing], week: int) -> None:
    """ "No change" keeps what nobody has decided about yet."""
    own = {standing.id: standing for standing in standings}
    said = reviews.of_key_results(turn.session, own)
    for number, standing in own.items():
        before = said.get(number, ())
        if moving.said_in(turn, week, before) is None:
            _put(turn, standing, week, Given("keep", Goalposts.of(standing.kr)), before)


def _put(
    turn: Turn, standing: Standing, week: int, answer: Given, said: Sequence[Review]
) -> Review | None:
    """Keep what was decided; what waits for an approver is given back, to be asked about."""
    row = moving.said_in(turn, week, said)
    if row is not None and _same(row, answer, standing.kr):
        return None
    found = None
    if answer.decision != "keep":
        found = objectives.key_result(turn.session, standing.id)
        if found is None:
            return None
    if found is not None and answer.decision == "adjust":
        return moving.propose(turn, *found, week, answer.posts, answer.reason, answer.obstacle)
    row = moving.said_in(turn, week, moving.withdraw(turn, said))
    moving.keep(turn, standing.id, week, row, answer.decision, answer.obstacle, answer.reason)
    if found is not None and found[0].state == "open":
        store.state(turn, "key_result", found[0], "dropped")
    return None


def _same(row: Review, answer: Given, kr: KeyResult) -> bool:
    """Whether nothing new is said; an approved target stays where its key result is kept."""
    if row.state == "refused" or (row.decision == "drop" and kr.state == "open"):
        return False
    settled = row.state == "approved" and answer.posts == Goalposts.of(kr)
    if settled and answer.decision in ("keep", "adjust"):
        return row.obstacle == answer.obstacle or answer.decision == "keep"
    said = (row.decision, row.obstacle, row.reason)
    posts = Goalposts.of(row) if row.decision == "adjust" else answer.posts
    return (*said, posts) == (answer.decision, answer.obstacle, answer.reason, answer.posts)


def outcomes(session: Session, rows: Sequence[reviews.Decided]) -> list[Outcome]:
    """How these went on; the number of statements does not grow with them."""
    approved = [review.key_result_id for review, *_ in rows if review.state == "approved"]
    before = objectives.moved(session, approved) if approved else {}
    asked = {i for review, *_ in rows for i in (review.decided_by_id, review.approver_id) if i}
    known = people.people(session, asked) if asked else {}
    return [
        Outcome(
            review,
            kr,
            objective,
            _was(review, before.get(review.key_result_id, ())),
            known.get(review.decided_by_id or review.approver_id or 0),
        )
        for review, kr, objective in rows
    ]


def _was(review: Review, before: Sequence[Moved]) -> Moved | None:
    """What counted before this one was approved, and not before another of that week."""
    if review.state != "approved":
        return None
    return next((row for row in reversed(before) if row.week == review.week), None)


def told(voice: Voice, outcome: Outcome, *, title: bool = True) -> Spans:
    """One decision in a line."""
    review, kr = outcome.review, outcome.kr
    name = kr.title if title else ""
    if outcome.dropped:
        return voice.spans("reviewing.was_dropped", title=name, reason=review.reason)
    if review.decision != "adjust" or review.state in ("withdrawn", "decided"):
        return voice.spans("reviewing.was_kept", title=name, obstacle=review.obstacle)
    before = outcome.was if outcome.was is not None else kr
    imported = review.state == "approved" and review.by_id is None
    return voice.spans(
        "reviewing.was_imported" if imported else f"reviewing.was_{review.state}",
        title=name,
        was=shown.course(voice, Goalposts.of(before).into(kr)),
        now=shown.course(voice, Goalposts.of(review).into(kr)),
        reason=review.reason,
        who=named(outcome.approver) if outcome.approver else "",
        answer=review.answer,
    )


def button_about(kr: KeyResult) -> str:
    """What a decision's button is about, for those who cannot see what stands beside it."""
    return brief(kr.title, 60)
