"""Who may be named in a form: a few are offered when it is shown, anybody is found on its return.

So showing a form costs the same in a company of ten and of ten thousand, and reading one nothing.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from bot.chat.forms import Find, Form, Person, Question, Somebody
from bot.chat.replies import Fix, Open, Reply
from bot.flow import Turn, somebody
from storage import objectives, people, teams

MOST = 100
"""How many are offered: also what a platform's list holds."""


def offered(turn: Turn, reply: Reply, *, needed: bool = False) -> Reply:
    """A reply whose form offers people wherever it asks for somebody and offers nobody yet.

    Or only where it is `needed`: where somebody must be named and nobody is yet.
    """
    if not isinstance(reply, Open | Fix):
        return reply
    asked = [q for q in reply.form.questions() if isinstance(q, Person) and not q.people]
    if needed:
        asked = [question for question in asked if question.required and not question.value]
    if not asked:
        return reply
    chosen = [int(question.value) for question in asked if question.value.isdecimal()]
    return replace(reply, form=with_people(reply.form, _near(turn, chosen), str(turn.me)))


def with_people(form: Form, near: tuple[Somebody, ...], me: str = "") -> Form:
    """The form with these people to choose from."""

    def offering(question: Question) -> Question:
        if not isinstance(question, Person) or question.people:
            return question
        mine = tuple(each for each in near if not (question.others and each.value == me))
        return replace(question, people=mine)

    return replace(
        form,
        pages=tuple(replace(p, questions=tuple(map(offering, p.questions))) for p in form.pages),
    )


def finder(turn: Turn) -> Find:
    """Finds whom a form's raw value names: by our number, or by their account on its platform."""

    def find(named: str) -> str:
        if named.isascii() and named.isdecimal() and len(named) < LONGEST_NUMBER:
            found = people.person(turn.session, int(named))
        else:
            platform, _, rest = named.partition("/")
            workspace, _, account = rest.partition("/")
            both = people.by_account(turn.session, platform, workspace, account)
            found = both[0] if both else None
        return str(found.id) if found is not None and found.active else ""

    return find


LONGEST_NUMBER = 16


def _near(turn: Turn, chosen: Iterable[int]) -> tuple[Somebody, ...]:
    """Everybody in a small company; in a large one who shares a team, and the leads above."""
    leads = objectives.teams_showing(turn.session, turn.term.cycle_id, [turn.me]).values()
    also = {turn.me, *(lead for lead in leads if lead), *chosen}
    near = teams.colleagues(turn.session, turn.me, also, MOST)
    return somebody(near, people.identities(turn.session, [p.id or 0 for p in near]))
