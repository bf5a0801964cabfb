"""Rows of objectives: each row is a key result, and names the objective it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.importing.cells import NOTHING, Cells, Reader
from bot.importing.directory import Directory, circles
from bot.importing.headings import nearest
from bot.importing.people import SEVERAL
from bot.importing.records import ObjectiveRecord
from bot.importing.rows import Row

COMMITMENTS = {
    "committed": ("commit", "must", "verbindlich", "zugesagt"),
    "aspirational": ("aspiration", "stretch", "moonshot", "ambitioniert", "ehrgeizig"),
}
_HEAD = ("team", "objective", "objective_owner", "commitment", "parent")


@dataclass
class Group:
    """All rows of one objective, and which of them says what of it."""

    first: Cells
    rows: list[Cells] = field(default_factory=list)
    says: dict[str, Cells] = field(default_factory=dict)
    reference: str | None = None

    def of(self, column: str) -> Cells:
        """The row that says a column, or else the first."""
        return self.says.get(column, self.first)


def check_objectives(
    rows: Sequence[Row],
    known: Mapping[str, ObjectiveRecord],
    people: Directory,
    teams: Directory,
    reader: Reader,
) -> tuple[dict[str, ObjectiveRecord], dict[str, Group]]:
    """The objectives the rows tell of, and the rows of each, both by token."""
    lookup = _Known(known)
    found: dict[str, ObjectiveRecord] = {}
    groups: dict[str, Group] = {}
    for group in _grouped(rows, teams, reader):
        objective = _objective(group, lookup, people, teams)
        if objective.token in found:
            before = groups[objective.token].first.row.number
            text = f"This is the objective of row {before} under another reference."
            group.first.wrong("objective_reference", text)
            continue
        found[objective.token], groups[objective.token] = objective, group
    _parents(found, groups, known)
    return found, groups


class _Known:
    """The objectives of the database, by reference and by team and title."""

    def __init__(self, known: Mapping[str, ObjectiveRecord]) -> None:
        self.by_reference = {o.reference.casefold(): o for o in known.values() if o.reference}
        self.by_title = {(o.team, o.title.casefold()): o for o in known.values()}

    def find(self, reference: str | None, team: str, title: str) -> ObjectiveRecord | None:
        """The objective meant. One that has another reference is another objective."""
        exact = self.by_reference.get((reference or "").casefold())
        if exact is not None:
            return exact
        titled = self.by_title.get((team, title.casefold()))
        return None if titled and titled.reference and reference else titled


def _grouped(rows: Sequence[Row], teams: Directory, reader: Reader) -> list[Group]:
    groups: dict[tuple[str, str], Group] = {}
    told = [_told(Cells(row, reader), teams) for row in rows]
    referred = {(team, title): ref for _, ref, team, title in reversed(told) if ref and title}
    for cells, named, team, title in told:
        if not title and not named:
            what = "key result has no objective" if cells.said("key_result") else "row says nothing"
            cells.wrong("objective", f"The {what}: write the objective in the same row.")
            continue
        reference = named or referred.get((team, title), "")
        key = ("", reference.casefold()) if reference else (team, title)
        group = groups.setdefault(key, Group(cells))
        group.reference = group.reference or reference or None
        group.rows.append(cells)
        _agrees(cells, group, teams)
    return list(groups.values())


def _told(cells: Cells, teams: Directory) -> tuple[Cells, str, str, str]:
    """A row with the reference, the team and the title of its objective, "" where not said."""
    reference = cells.raw("objective_reference")
    if not reference and not cells.said("key_result"):
        reference = cells.raw("reference")
    team = teams.find(cells.raw("team")) or cells.raw("team").casefold()
    return cells, "" if reference in NOTHING else reference, team, cells.raw("objective").casefold()


def _agrees(cells: Cells, group: Group, teams: Directory) -> None:
    """The rows of one objective say the same of it, or leave it empty."""
    for column in _HEAD:
        said = cells.raw(column)
        if not said:
            continue
        first = group.says.setdefault(column, cells)
        was = first.raw(column)
        same = said.casefold() == was.casefold()
        if not same and column == "team":
            same = teams.find(said) is not None and teams.find(said) == teams.find(was)
        if not same:
            text = f"Row {first.row.number} says '{was[:60]}' of the same objective, not this."
            cells.wrong(column, text)


def _objective(group: Group, known: _Known, people: Directory, teams: Directory) -> ObjectiveRecord:
    """The objective of a group, with an error for what it lacks, so that its rows are read too."""
    several = "An objective belongs to one team; here are several."
    before = known.find(group.reference, "", "")
    team = teams.one(group.of("team"), "team", before.team if before else None, several)
    title = group.of("objective").text("objective", before.title if before else "", 300)
    was = before or known.find(group.reference, team or "", title)
    if team is None and not group.of("team").said("team"):
        group.first.wrong("team", "The objective's team is missing.")
    if not title and not group.of("objective").said("objective"):
        group.first.wrong("objective", "The objective's title is missing.")
    owner = people.one(
        group.of("objective_owner"), "objective_owner", was.owner if was else None, SEVERAL
    )
    commitment = group.of("commitment").choice(
        "commitment", was.commitment if was else "aspirational", COMMITMENTS
    )
    reference = group.reference or (was.reference if was else None)
    if reference and len(reference) > 60:
        group.first.wrong("objective_reference", "The reference is longer than 60 characters.")
    return ObjectiveRecord(
        token=was.token if was else f"new {reference or (team, title.casefold())}",
        team=team or "",
        title=title,
        reference=reference,
        owner=owner,
        commitment=commitment,
        parent=was.parent if was else None,
        id=was.id if was else None,
    )


def _parents(
    found: dict[str, ObjectiveRecord],
    groups: Mapping[str, Group],
    known: Mapping[str, ObjectiveRecord],
) -> None:
    """What each objective contributes to, by reference or by title."""
    everything = {**known, **found}
    directory = Directory("objective", ())
    for token, objective in everything.items():
        directory.keys[(objective.reference or token).casefold()] = token
        directory.add(token, objective.title)
    for token, group in groups.items():
        cells = group.of("parent")
        if not cells.said("parent"):
            continue
        parent = None
        if not cells.cleared("parent"):
            parent = directory.find(cells.raw("parent"))
            if parent is None:
                _no_parent(cells, everything)
        found[token] = everything[token] = replace(found[token], parent=parent)
    for circle in circles({token: one.parent for token, one in everything.items()}):
        told = next((token for token in circle if token in groups), None)
        if told is not None:
            at = circle.index(told)
            path = " → ".join(everything[t].label for t in [*circle[at:], *circle[:at], told])
            groups[told].of("parent").wrong(
                "parent", f"The objectives go round in a circle: {path}."
            )


def _no_parent(cells: Cells, everything: Mapping[str, ObjectiveRecord]) -> None:
    typed = cells.raw("parent")
    near = nearest(typed, [one.label for one in everything.values()], 80)
    hint = f" Did you mean '{near}'?" if near else " Write its reference or its title."
    cells.wrong("parent", f"There is no objective '{typed[:60]}' in this cycle.{hint}")
