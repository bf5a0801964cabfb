"""Files of every making, read; files of no making, refused in plain words."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing import Company, RowError, Tables, Unreadable, check, read, read_bytes
from bot.importing.reading import LARGEST
from storage.cycles import Cycle
from tests.bot.importing.conftest import ENDS, STARTS, TODAY

ROWS = [
    ["E-Mail", "Name", "Time Zone", "Vorgesetzte"],
    ["anna@x.org", "Anna Müller-Lüdenscheidt", "Europe/Berlin", ""],
    ["bjorn@x.org", 'Björn "Bo" Ång, Jr.; Esq.|x', "Europe/Stockholm", "anna@x.org"],
    ["cato@x.org", "Çato\nzweite Zeile", "", "ANNA@x.org"],
]


def written(rows: list[list[str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    tables = read_bytes(written(ROWS, delimiter).encode(encoding), "people.csv", "de-DE")
    people = tables.of("people")
    assert [row.values["name"] for row in people] == [row[1] for row in ROWS[1:]]
    assert [row.values["zone"] for row in people] == [row[2] for row in ROWS[1:]]
    assert [row.number for row in people] == [2, 3, 4]
    assert not tables.errors


@pytest.mark.parametrize(
    ("encoding", "locale", "name"),
    [
        ("cp1250", "pl-PL", "Łukasz Żółć"),
        ("cp1251", "ru", "Борис"),
        ("cp1254", "tr-TR", "Elif Yıldız"),
        ("cp932", "ja-JP", "田中宏"),
        ("cp1252", "en-GB", "Zoë €"),
    ],
)
def test_legacy_code_pages_follow_the_locale(encoding: str, locale: str, name: str) -> None:
    raw = f"email,name\na@x.org,{name}\n".encode(encoding)
    assert read_bytes(raw, "people.csv", locale).of("people")[0].values["name"] == name


@pytest.mark.parametrize(
    ("locale", "number", "delimiter"),
    [
        ("de-DE", "1.000,25", ";"),
        ("de-CH", "1’000.25", ";"),
        ("en-US", "1,000.25", ","),
        ("fr-FR", "1 000,25", ";"),
        ("en-IN", "1,000.25", "\t"),
        ("de-DE", "1.000,25 €", ";"),
        ("en-US", "€1,000.25", "|"),
    ],
)
def test_numbers_in_their_locale(locale: str, number: str, delimiter: str) -> None:
    rows = [["kpi", "high", "unit"], ["revenue", number, "€"]]
    raw = written(rows, delimiter).encode()
    cycle = Cycle(name="Q4", starts=STARTS, ends=ENDS)
    tables = read_bytes(raw, "kpis.csv", locale)
    found = check(tables, Company(), locale=locale, cycle=cycle, today=TODAY)
    assert not found.errors
    assert found.company.kpis["revenue"].high == 1000.25


@pytest.mark.parametrize(
    ("name", "first", "kind"),
    [
        ("a.csv", "Email,Full Name,Reports To", "people"),
        ("people.csv", "team,level,lead", "teams"),
        ("b.csv", "Team Name,Ebene,Leitung", "teams"),
        ("c.csv", "Ziel,Schlüsselergebnis,Team,Zielwert", "okrs"),
        ("d.csv", "KPI,Datum,Wert", "readings"),
        ("e.csv", "kpi,name,low,high", "kpis"),
        ("f.csv", "team,objective,key result,owner", "okrs"),
    ],
)
def test_the_headings_say_which_file_it_is(name: str, first: str, kind: str) -> None:
    tables = read_bytes(f"{first}\n{'x,' * first.count(',')}x\n".encode(), name, "en")
    assert [found for found, rows in tables.rows.items() if rows] == [kind]
    assert not tables.errors


def test_a_slip_in_a_heading_is_named_and_another_column_is_left_out() -> None:
    raw = b"emial,email,name,maneger,Shoe size\n,a@x.org,A,,38\n"
    tables = read_bytes(raw, "people.csv", "en")
    assert [error.text for error in tables.errors] == [
        "There is no column 'maneger' in a file of people. Did you mean 'manager'?"
    ]
    assert [notice.text for notice in tables.notices] == [
        "The column 'emial' is not one of people and is left out.",
        "The column 'Shoe size' is not one of people and is left out.",
    ]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"\xef\xbb\xbf \n\n", "The file is empty."),
        ("a.csv", b"email,name\n", "The file has headings and no rows under them."),
        ("a.csv", b"email,name\na@x.org,A\x00\n", "NUL in line 2"),
        (
            "a.csv",
            b"PK\x03\x04rest",
            "This is an Excel workbook or another zip file, not a text file",
        ),
        ("a.csv", b"%PDF-1.7", "This is a PDF, not a text file"),
        ("a.csv", bytes(range(1, 32)) * 9, "This is not a text file"),
        ("a.csv", b"\xff\xfea\x00b", "The file is damaged, or its encoding cannot be told"),
        ("a.csv", b"x" * (LARGEST + 1), "The file is larger than 20 MB"),
        ("a.csv", b'email,name\na@x.org,"A\nb@x.org,B\n', "A quotation mark is opened here"),
        ("a.csv", b'email,name\na@x.org,"A"B\n', "A quotation mark is opened here"),
        ("a.yaml", b"- one\n- two\n", "A YAML file has the keys people, teams, okrs and kpis"),
        ("a.yaml", b"people: [\n", "This is not YAML"),
        ("a.yaml", b"people: &a [1]\nteams: *a\n", "YAML aliases (*name) are not read here"),
        ("a.yaml", b"people: " + b"[" * 500, "The entries are nested too deeply."),
        ("a.yaml", b"people:\n", "has none of them"),
    ],
)
def test_refusals_say_what_to_do(name: str, raw: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_bytes(raw, name, "en")
    assert words in str(refused.value)


def test_missing_files_and_columns_are_errors_among_others(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Name,Zone\nAlice,UTC\n", encoding="utf-8")
    tables = read([tmp_path / "no.csv", tmp_path, tmp_path / "people.csv"], "en")
    assert [error.text for error in tables.errors] == [
        "There is no such file.",
        "This is a directory; name the files in it.",
        "The column 'email' is missing. The file looks like people; its headings are: Name, Zone.",
    ]


def test_a_row_with_too_many_cells_is_told() -> None:
    raw = b"email,name\na@x.org,Weber, Anna\n"
    assert "Put a text that holds the delimiter in quotation marks" in str(
        read_bytes(raw, "people.csv", "en").errors[0]
    )


def test_excel_says_its_delimiter_and_rows_keep_its_numbers() -> None:
    tables = read_bytes(b"sep=;\r\nemail;name\r\n\r\na@x.org;A\r\n", "people.csv", "en")
    assert [row.number for row in tables.of("people")] == [4]


def test_country_no_is_norway() -> None:
    tables = read_bytes(b"people:\n- {email: a@x.org, name: A, country: no}\n", "c.yaml", "en")
    found = check(tables, Company(), locale="en", cycle=None, today=TODAY)
    assert found.company.people["a@x.org"].country == "NO"


PIECES = st.sampled_from(
    [
        "email",
        "team",
        "objective",
        "kpi",
        "day",
        "value",
        ",",
        ";",
        "\n",
        "\r",
        '"',
        "\t",
        "|",
        ":",
        "- ",
        "people:",
        "okrs:",
        "key_results:",
        "milestones:",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        " ",
        "week 9",
        "1.000,25",
        "a@x.org",
        "-",
        "\x00",
        "\ufeff",
        "ä",
        "𝛑",
        "!!python/object:os",
        "? ",
    ]
)


@settings(max_examples=400)
@given(
    raw=st.binary(max_size=400) | st.lists(PIECES, max_size=60).map(lambda p: "".join(p).encode()),
    name=st.sampled_from(["people.csv", "teams.csv", "x.csv", "company.yaml"]),
    locale=st.sampled_from(["en", "de-DE", "ja", "xx", ""]),
)
def test_whatever_a_file_holds_nothing_but_unreadable_is_raised(
    raw: bytes, name: str, locale: str
) -> None:
    try:
        tables = read_bytes(raw, name, locale)
    except Unreadable as refused:
        said = str(refused)
        tables = Tables({}, (RowError(name, 0, "", said),))
    assert isinstance(tables, Tables)
    cycle = Cycle(name="Q4", starts=STARTS, ends=ENDS)
    found = check(tables, Company(), locale=locale, cycle=cycle, today=TODAY)
    assert all(error.text.endswith((".", "?")) for error in found.errors)


CELLS = (
    st.text(max_size=12) | PIECES | st.sampled_from(["yes", "C1", "growth", "1e999", "week -999"])
)


@settings(max_examples=300)
@given(
    heads=st.sampled_from(
        [
            "email,name,zone,locale,country,manager,admin,active",
            "team,name,level,parent,lead,members,channel,short_form",
            "reference,team,objective,parent,key_result,kind,baseline,target",
            "team,objective,key_result,low,high,weight,due,curve",
            "team,objective,key_result,kind,milestones,value,confidence,unit",
            "kpi,name,low,high,cadence,owner,team,stale_after_days",
        ]
    ),
    rows=st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=4),
    locale=st.sampled_from(["en", "de-DE"]),
)
def test_whatever_cells_hold_checking_only_collects(
    heads: str, rows: list[list[str]], locale: str
) -> None:
    cells = [[cell.replace("\x00", "") for cell in row] for row in rows]
    raw = written([heads.split(","), *cells], ",").encode("utf-8", "replace")
    try:
        tables = read_bytes(raw, "x.csv", locale)
    except Unreadable:
        return
    cycle = Cycle(name="Q4", starts=STARTS, ends=ENDS)
    found = check(tables, Company(), locale=locale, cycle=cycle, today=TODAY)
    assert all(error.text.endswith((".", "?")) for error in found.errors)
