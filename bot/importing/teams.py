"""Rows of teams: the tree, who leads, who belongs, where they talk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.importing.cells import NOTHING, Cells, Reader
from bot.importing.directory import Directory, circles, slug
from bot.importing.headings import nearest
from bot.importing.records import ChannelRecord, TeamRecord
from bot.importing.rows import Row

PLATFORMS = ("web", "slack", "teams")
LEVELS = {
    "company": ("organisation", "organization", "firma", "unternehmen"),
    "department": ("division", "area", "abteilung", "bereich"),
    "team": ("squad", "gruppe"),
}
_RANK = {"company": 0, "department": 1, "team": 2}
_SINGLE = ("name", "level", "parent", "lead", "zone", "locale", "country", "short_form")
SEVERAL = "A team has one lead; here are several. Make the others members."


@dataclass
class _Lines:
    """All rows of one team: a file may have one for each member."""

    first: Cells
    all: list[Cells]


def check_teams(
    rows: Sequence[Row], known: Mapping[str, TeamRecord], people: Directory, reader: Reader
) -> tuple[dict[str, TeamRecord], Directory]:
    """The teams the rows tell of, and every team that may be pointed to."""
    lines = _grouped(rows, known, reader)
    found = {name: _team(name, of, known, people) for name, of in lines.items()}
    directory = Directory("team", ((one.slug, one.name) for one in known.values()))
    for team in found.values():
        directory.add(team.slug, team.name)
    for name, of in lines.items():
        parent = directory.one(of.first, "parent", found[name].parent, "A team has one parent.")
        found[name] = replace(found[name], parent=parent)
    _one_root(found, known, lines)
    _tree(found, known, lines)
    return found, directory


def _grouped(
    rows: Sequence[Row], known: Mapping[str, TeamRecord], reader: Reader
) -> dict[str, _Lines]:
    """The rows of each team; what they say of it must agree."""
    by_name = Directory("team", ((one.slug, one.name) for one in known.values()))
    found: dict[str, _Lines] = {}
    for row in rows:
        cells = Cells(row, reader)
        typed = cells.raw("team") or cells.raw("name")
        name = by_name.find(typed) or slug(typed)
        if not name or len(name) > 60:
            cells.wrong("team", "The team's short name is missing." if not name else "Too long.")
        elif name not in found:
            found[name] = _Lines(cells, [cells])
        else:
            _agrees(cells, found[name])
            found[name].all.append(cells)
    return found


def _agrees(cells: Cells, lines: _Lines) -> None:
    """A further row of a team repeats what the first said, or leaves it empty."""
    for column in _SINGLE:
        said, first = cells.raw(column), lines.first.raw(column)
        if said and said.casefold() != first.casefold():
            number = lines.first.row.number
            if column == "lead" and first:
                cells.wrong(
                    column, f"The team has two leads: {first} in row {number}, {said} here."
                )
            else:
                cells.wrong(column, f"Row {number} says '{first}' of the same team, not '{said}'.")


def _team(
    name: str, lines: _Lines, known: Mapping[str, TeamRecord], people: Directory
) -> TeamRecord:
    cells = lines.first
    was = known.get(name, TeamRecord(name))
    title = cells.text("name", was.name or cells.raw("team"))
    return TeamRecord(
        slug=name,
        name=title or name,
        level=cells.choice("level", was.level, LEVELS),
        parent=was.parent,
        lead=people.one(cells, "lead", was.lead, SEVERAL),
        members=_members(lines, was.members, people),
        channels=_channels(lines, was.channels),
        zone=cells.zone(was.zone),
        locale=cells.locale(was.locale),
        country=cells.country(was.country),
        short_form=cells.flag("short_form", was.short_form),
        id=was.id,
    )


def _members(lines: _Lines, was: tuple[str, ...], people: Directory) -> tuple[str, ...]:
    """Exactly those who are named in any row of the team; nobody named says nothing."""
    if not any(cells.said("members") for cells in lines.all):
        return was
    found: list[str] = []
    for cells in lines.all:
        for text in cells.emails("members"):
            email = people.look(cells, "members", text)
            if email is not None and email not in found:
                found.append(email)
    return tuple(sorted(found))


def _channels(lines: _Lines, was: tuple[ChannelRecord, ...]) -> tuple[ChannelRecord, ...]:
    """The channels that were there, with those that are named put in their place."""
    found = {(one.platform, one.workspace): one for one in was}
    for cells in lines.all:
        if cells.cleared("channel"):
            found.clear()
            continue
        for text in re.split(r"[,\s]+", cells.raw("channel")):
            channel = _channel(cells, text)
            if channel is not None:
                found[channel.platform, channel.workspace] = channel
    return tuple(found[key] for key in sorted(found))


def _channel(cells: Cells, text: str) -> ChannelRecord | None:
    """`web:channel:growth`, `slack:T123/C0123`, or a plain name on the web."""
    if not text or text in NOTHING:
        return None
    platform, colon, rest = text.partition(":")
    if not colon:
        return ChannelRecord("web", "", f"channel:{slug(text)}")
    platform = platform.casefold()
    if platform == "channel":
        return ChannelRecord("web", "", f"channel:{slug(rest)}")
    if platform not in PLATFORMS:
        near = nearest(platform, PLATFORMS, 60)
        hint = f" Did you mean '{near}:{rest}'?" if near else ""
        cells.wrong("channel", f"There is no platform '{platform}'.{hint}")
        return None
    workspace, slash, address = rest.partition("/")
    if platform == "web":
        workspace, address = "", rest if rest.startswith("channel:") else f"channel:{slug(rest)}"
    if not address or (platform != "web" and not (slash and workspace)):
        cells.wrong(
            "channel",
            f"'{text[:60]}' names no channel. Write {platform}:WORKSPACE/CHANNEL, such as "
            "slack:T0123ABC/C0456DEF.",
        )
        return None
    return ChannelRecord(platform, workspace, address)


def _one_root(
    found: dict[str, TeamRecord], known: Mapping[str, TeamRecord], lines: Mapping[str, _Lines]
) -> None:
    """One company; what names no parent is under it."""
    everything = {**known, **found}
    companies = [name for name, team in everything.items() if team.level == "company"]
    for name in companies[1:]:
        told = name if name in lines else next((c for c in companies if c in lines), None)
        if told is not None:
            lines[told].first.wrong(
                "level", f"There is one company, '{companies[0]}'; '{name}' is a second one."
            )
    if not companies:
        return
    for name, team in found.items():
        if team.level == "company" and team.parent is not None:
            lines[name].first.wrong("parent", "The company is the top of the tree: no parent.")
        elif team.level != "company" and team.parent is None and team.id is None:
            found[name] = replace(team, parent=companies[0])


def _tree(
    found: Mapping[str, TeamRecord], known: Mapping[str, TeamRecord], lines: Mapping[str, _Lines]
) -> None:
    """No circle, and nothing under what is smaller than itself."""
    everything = {**known, **found}
    for circle in circles({name: team.parent for name, team in everything.items()}):
        told = next((name for name in circle if name in lines), None)
        if told is not None:
            at = circle.index(told)
            path = " → ".join([*circle[at:], *circle[:at], told])
            lines[told].first.wrong("parent", f"The teams go round in a circle: {path}.")
    for name, team in found.items():
        parent = everything.get(team.parent or "")
        if parent is not None and _RANK[parent.level] > _RANK[team.level]:
            lines[name].first.wrong(
                "parent",
                f"A {team.level} cannot be under '{parent.slug}', which is a {parent.level}.",
            )
