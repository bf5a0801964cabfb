"""Files to rows: encodings, delimiters, headings; every refusal says what to do."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import charset_normalizer

from bot.importing import headings
from bot.importing.nested import read_yaml
from bot.importing.rows import KINDS, FileRead, Kind, Row, RowError, Tables, Unreadable

LARGEST = 20 * 1024 * 1024
MOST_ROWS = 50_000
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = (
    (b"PK\x03\x04", "an Excel workbook or another zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_LEGACY = {
    "cp1250": "cs hr hu pl ro sk sl bs sq",
    "cp1251": "be bg mk ru sr uk",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he",
    "cp1256": "ar fa",
    "cp1257": "et lt lv",
    "cp1258": "vi",
    "cp932": "ja",
    "cp949": "ko",
    "gb18030": "zh",
}
_SAVE = "save it as CSV (UTF-8) and import that file"


def read(paths: Iterable[Path], locale: str) -> Tables:
    """All rows of these files; what cannot be read is among the errors, and nothing is raised."""
    rows: dict[Kind, list[Row]] = {kind: [] for kind in KINDS}
    errors: list[RowError] = []
    notices: list[RowError] = []
    files: list[FileRead] = []
    for path in paths:
        try:
            tables = read_bytes(_bytes(path), path.name, locale)
        except Unreadable as wrong:
            errors.append(RowError(path.name, wrong.row, "", str(wrong)))
            continue
        for kind in KINDS:
            rows[kind] += tables.of(kind)
        errors += tables.errors
        notices += tables.notices
        files += tables.files
    return Tables(rows, tuple(errors), tuple(notices), tuple(files))


def read_bytes(raw: bytes, name: str, locale: str) -> Tables:
    """The rows of one file, or `Unreadable`."""
    if len(raw) > LARGEST:
        raise Unreadable("The file is larger than 20 MB, which is the most; split it.")
    text, encoding = decode(raw, locale)
    if not text.strip():
        raise Unreadable("The file is empty.")
    if Path(name).suffix.lower() in (".yaml", ".yml"):
        return read_yaml(text, name, locale)
    return _read_csv(text, name, encoding)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Unreadable("This is a directory; name the files in it.")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable("There is no such file.") from None
    except (OSError, ValueError) as wrong:
        raise Unreadable(f"The file cannot be opened: {wrong}.") from None


def decode(raw: bytes, locale: str) -> tuple[str, str]:
    """The text of a file and the encoding it was found in.

    What is not Unicode is a legacy code page, and which one cannot be told from a few accented
    names: it follows the language of the locale, Windows-1252 for most.
    """
    for magic, what in _BINARY:
        if raw.startswith(magic):
            raise Unreadable(f"This is {what}, not a text file: {_SAVE}.")
    candidates = _candidates(raw, locale)
    for candidate in candidates:
        try:
            text = raw.decode(candidate)
        except UnicodeDecodeError:
            continue
        return _clean(text), candidate.removesuffix("-sig")
    best = None if len(candidates) == 1 else charset_normalizer.from_bytes(raw).best()
    if best is None:
        raise Unreadable(f"The file is damaged, or its encoding cannot be told: {_SAVE}.")
    return _clean(str(best)), best.encoding


def _candidates(raw: bytes, locale: str) -> list[str]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return [encoding]
    head = raw[:4000]
    if len(head) > 3 and b"\x00" in head:
        if head[1::2].count(0) > len(head) * 0.3 and not head[0::2].count(0):
            return ["utf-16-le"]
        if head[0::2].count(0) > len(head) * 0.3 and not head[1::2].count(0):
            return ["utf-16-be"]
    language = re.split("[-_]", locale)[0].lower()
    legacy = next((page for page, spoken in _LEGACY.items() if language in spoken.split()), None)
    return ["utf-8", legacy or "cp1252"]


def _clean(text: str) -> str:
    """Text in which no character is one that no text holds."""
    at = text.find("\x00")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise Unreadable(
            f"This is not a text file, or a damaged one (NUL in line {line}): {_SAVE}."
        )
    odd = sum(1 for c in text[:4000] if c < " " and c not in "\t\n\r\f\v\x1b")
    if odd > len(text[:4000]) * 0.05:
        raise Unreadable(f"This is not a text file: {_SAVE}.")
    return text.removeprefix("\ufeff")


def _records(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str, announced: str | None) -> str:
    """The delimiter under which most headings of the first row are columns we know."""
    if announced:
        return announced

    def score(delimiter: str) -> tuple[int, int]:
        try:
            first = next((r for r in _records(text, delimiter) if any(c.strip() for c in r)), [])
        except csv.Error:
            return (-1, 0)
        return (max(headings.known_in(kind, first) for kind in KINDS), len(first))

    return max(_DELIMITERS, key=score)


def _read_csv(text: str, name: str, encoding: str) -> Tables:
    announced = re.match(r"\s*sep=(.)\r?\n", text, re.IGNORECASE)
    skipped = 0
    if announced:
        text, skipped = text[announced.end() :], 1
    delimiter = _delimiter(text, announced[1] if announced else None)
    records = _numbered(text, delimiter, skipped)
    if not records:
        raise Unreadable("The file is empty.")
    found = headings.understand(records[0][1], Path(name).stem)
    errors, notices = _odd(found, records[0], name)
    rows = [
        _row(number, cells, found, records[0][1], name, errors) for number, cells in records[1:]
    ]
    if not rows:
        raise Unreadable("The file has headings and no rows under them.")
    usable = [] if found.missing else rows
    how = f"{encoding.upper()}, {_DELIMITERS.get(delimiter, repr(delimiter))}"
    what = "kpi readings" if found.kind == "readings" else found.kind
    read_as = FileRead(name, what, len(rows), how)
    return Tables({found.kind: usable}, tuple(errors), tuple(notices), (read_as,))


def _numbered(text: str, delimiter: str, skipped: int) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number a spreadsheet shows."""
    found: list[tuple[int, list[str]]] = []
    number = skipped
    try:
        for number, cells in enumerate(_records(text, delimiter), skipped + 1):
            if len(found) > MOST_ROWS:
                raise Unreadable(f"The file has more than {MOST_ROWS:,} rows; split it.")
            if any(cell.strip() for cell in cells):
                found.append((number, cells))
    except csv.Error as wrong:
        raise Unreadable(_quoting(str(wrong)), number + 1) from None
    return found


def _quoting(wrong: str) -> str:
    if "field larger" in wrong:
        return "A cell is longer than 100,000 characters; is a closing quotation mark missing?"
    return (
        "A quotation mark is opened here and not closed, or closed in the middle of a cell. "
        'Inside a quoted cell write it twice: "".'
    )


def _odd(
    found: headings.Headings, first: tuple[int, Sequence[str]], name: str
) -> tuple[list[RowError], list[RowError]]:
    errors: list[RowError] = []
    notices: list[RowError] = []
    number, cells = first
    for cell, near in found.unknown:
        if near:
            text = f"There is no column '{cell}' in a file of {found.kind}. Did you mean '{near}'?"
            errors.append(RowError(name, number, cell, text))
        else:
            text = f"The column '{cell}' is not one of {found.kind} and is left out."
            notices.append(RowError(name, number, cell, text))
    errors += [
        RowError(name, number, cell, f"Two columns say the same: '{cell}'. Keep one.")
        for cell in found.twice
    ]
    for column in found.missing:
        given = ", ".join(cell.strip() for cell in cells if cell.strip())[:200]
        text = (
            f"The column '{column}' is missing. The file looks like {found.kind}; its headings "
            f"are: {given}."
        )
        errors.append(RowError(name, number, column, text))
    return errors, notices


def _row(
    number: int,
    cells: Sequence[str],
    found: headings.Headings,
    titles: Sequence[str],
    name: str,
    errors: list[RowError],
) -> Row:
    values = {
        column: cell.strip()
        for column, cell in zip(found.columns, cells, strict=False)
        if column is not None
    }
    over = [cell for cell in cells[len(found.columns) :] if cell.strip()]
    if over:
        text = (
            f"The row has {len(cells)} cells and the headings are {len(titles)}. "
            "Put a text that holds the delimiter in quotation marks."
        )
        errors.append(RowError(name, number, "", text))
    spelt = {
        column: title.strip()
        for column, title in zip(found.columns, titles, strict=False)
        if column is not None
    }
    return Row(name, number, values, headings=spelt)
