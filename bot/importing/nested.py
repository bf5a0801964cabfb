"""One YAML file with people, teams, okrs and kpis, turned into the rows that CSV files give."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.figures import parse_number
from bot.importing import headings
from bot.importing.rows import KINDS, FileRead, Kind, Row, RowError, Tables, Unreadable

DEEPEST = 12
MOST_ROWS = 50_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
_SECTIONS: dict[str, Kind] = {
    "people": "people",
    "teams": "teams",
    "okrs": "okrs",
    "objectives": "okrs",
    "kpis": "kpis",
    "kpireadings": "readings",
    "readings": "readings",
}
_OBJECTIVE = {
    "reference": "objective_reference",
    "owner": "objective_owner",
    "title": "objective",
    "name": "objective",
}
_KEY_RESULT = {"title": "key_result", "name": "key_result"}


def read_yaml(text: str, name: str, locale: str) -> Tables:
    """The rows of a YAML file, or `Unreadable`."""
    return _Reading(name, locale).read(text)


def _compose(text: str) -> yaml.Node | None:
    """The file as nodes, which know their lines.

    Aliases are refused, as a short file can stand for a huge one by them, and so is deep nesting.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise Unreadable("YAML aliases (*name) are not read here; write it out.", line)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise Unreadable("The entries are nested too deeply.", line)
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise Unreadable(
            f"This is not YAML: {wrong.problem or wrong.context}.", mark.line + 1 if mark else 0
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        said = str(wrong).splitlines()
        raise Unreadable(f"This is not YAML: {said[0] if said else 'unreadable'}.") from None
    return node if isinstance(node, yaml.Node) else None


class _Reading:
    def __init__(self, name: str, locale: str) -> None:
        self.name = name
        self.grouped = _groups_by_point(locale)
        self.errors: list[RowError] = []
        self.notices: list[RowError] = []
        self.rows: dict[Kind, list[Row]] = {kind: [] for kind in KINDS}

    def read(self, text: str) -> Tables:
        node = _compose(text)
        if not isinstance(node, yaml.MappingNode):
            raise Unreadable(
                "A YAML file has the keys people, teams, okrs and kpis, each with a list."
            )
        for key, value in node.value:
            self.section(key, value)
        count = sum(len(rows) for rows in self.rows.values())
        if count > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} entries; split it.")
        if not count and not self.errors:
            raise Unreadable("The file names people, teams, okrs or kpis, and has none of them.")
        read = FileRead(self.name, "YAML", count, "YAML")
        return Tables(self.rows, tuple(self.errors), tuple(self.notices), (read,))

    def wrong(self, node: yaml.Node, column: str, text: str) -> None:
        self.errors.append(RowError(self.name, node.start_mark.line + 1, column, text))

    def section(self, key: yaml.Node, value: yaml.Node) -> None:
        word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        kind = _SECTIONS.get(headings.plain(word))
        if kind is None:
            near = headings.nearest(word, ["people", "teams", "okrs", "kpis"]) if word else None
            hint = f" Did you mean '{near}'?" if near else ""
            self.wrong(key, word, f"'{word}' is none of people, teams, okrs and kpis.{hint}")
            return
        for entry in self.entries(value, word):
            if kind == "okrs":
                self.objective(entry)
            elif kind == "kpis":
                self.kpi(entry)
            else:
                self.rows[kind].append(self.row(entry, headings.INDEX[kind]))

    def entries(self, node: yaml.Node, word: str) -> Iterator[yaml.MappingNode]:
        """The entries of a list, each a mapping."""
        if isinstance(node, yaml.ScalarNode) and not node.value.strip("~ "):
            return
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, word, f"'{word}' must be a list: one entry after another, each '- '.")
            return
        for entry in node.value:
            if isinstance(entry, yaml.MappingNode):
                yield entry
            else:
                self.wrong(entry, word, f"An entry of '{word}' must have keys ('key: value').")

    def row(
        self,
        node: yaml.MappingNode,
        index: Mapping[str, str],
        more: Mapping[str, str] | None = None,
        nested: tuple[str, ...] = (),
    ) -> Row:
        """An entry's own keys as a row. `nested` keys are read elsewhere."""
        values: dict[str, str] = {}
        spelt: dict[str, str] = {}
        plain: set[str] = set()
        for key, value in node.value:
            word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            column = (more or {}).get(headings.plain(word)) or index.get(headings.plain(word))
            if headings.plain(word) in nested:
                continue
            if column is None:
                near = headings.slip(word, {**index, **(more or {}), **{n: n for n in nested}})
                hint = f" Did you mean '{near}'?" if near else ""
                self.wrong(key, word, f"There is no '{word}' here.{hint}")
                continue
            if column in values:
                self.wrong(key, word, f"'{word}' is said twice.")
                continue
            values[column], number = self.scalar(value, word)
            spelt[column] = word
            if number:
                plain.add(column)
        line = node.start_mark.line + 1
        return Row(self.name, line, values, frozenset(plain), spelt)

    def scalar(self, node: yaml.Node, word: str) -> tuple[str, bool]:
        """A value as text, and whether it is a number of YAML's own."""
        if isinstance(node, yaml.SequenceNode):
            return ", ".join(self.scalar(one, word)[0] for one in node.value), False
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, word, f"'{word}' must be one value.")
            return "", False
        text = str(node.value).strip()
        if "\x00" in text:
            self.wrong(node, word, "A text holds the character NUL, which no text may.")
            return "", False
        if node.style:
            return text, False
        if text.lower() in ("~", "null"):
            return "", False
        if self.grouped and _THOUSANDS.fullmatch(text):
            self.wrong(
                node,
                word,
                f"{text} can be read in two ways: write {text.replace('.', '')} for the thousands, "
                f"or put it in quotation marks to have it read as your locale does.",
            )
        return text, bool(_NUMBER.fullmatch(text))

    def objective(self, node: yaml.MappingNode) -> None:
        index = headings.INDEX["okrs"]
        head = self.row(node, index, _OBJECTIVE, ("keyresults",))
        found = 0
        for entry in self.inside(node, "keyresults", "key_results"):
            own = self.row(entry, index, _KEY_RESULT, ("milestones",))
            parts = tuple(
                self.row(part, headings.MILESTONE)
                for part in self.inside(entry, "milestones", "milestones")
            )
            values = {**head.values, **own.values}
            spelt = {**head.headings, **own.headings}
            plain = head.plain | own.plain
            self.rows["okrs"].append(Row(self.name, own.number, values, plain, spelt, parts))
            found += 1
        if not found:
            self.rows["okrs"].append(head)

    def kpi(self, node: yaml.MappingNode) -> None:
        head = self.row(node, headings.INDEX["kpis"], nested=("readings",))
        self.rows["kpis"].append(head)
        for entry in self.inside(node, "readings", "readings"):
            own = self.row(entry, headings.INDEX["readings"])
            values = {"kpi": head.values.get("kpi", head.values.get("name", "")), **own.values}
            self.rows["readings"].append(
                Row(self.name, own.number, values, own.plain, own.headings)
            )

    def inside(self, node: yaml.MappingNode, key: str, word: str) -> Iterator[yaml.MappingNode]:
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and headings.plain(str(name.value)) == key:
                yield from self.entries(value, word)


def _groups_by_point(locale: str) -> bool:
    """Whether 1.500 is fifteen hundred in this locale."""
    return parse_number("1.500", locale) == 1500
