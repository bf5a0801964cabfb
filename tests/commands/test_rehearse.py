"""`okr rehearse` as an admin types it: what it prints, what it writes, and what it refuses."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.rehearsal.page import MARK
from tests.commands.test_verbs import ANSWERS
from tests.typed import okr, surroundings


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `okr init` and the import of the example company."""
    room = tmp_path_factory.mktemp("example")
    assert okr(room, "init", typed=ANSWERS).returncode == 0
    assert okr(room, "import", "--example", "company").returncode == 0
    done = okr(room, "import", "company/company.yaml", "--apply")
    assert done.returncode == 0, done.stdout
    return room


@pytest.fixture
def company(example: Path, tmp_path: Path) -> Path:
    """The same, for one test alone."""
    return Path(shutil.copytree(example, tmp_path / "room"))


def test_an_admin_rehearses_before_the_bot_was_ever_started(company: Path) -> None:
    before = (company / "data" / "okr.db").read_bytes()
    done = okr(company, "rehearse", "--weeks", "3", "--answers", "none", "--html", "out.html")
    assert done.returncode == 0, done.stderr
    assert "Rehearsal of Nord" in done.stdout
    assert "nobody answers" in done.stdout
    assert "waiting to be switched on" in done.stdout
    assert "everybody has an account on web" in done.stdout
    assert "14 × Check-in asked" in " ".join(done.stdout.split())
    assert "You own key results, or belong to a team" in done.stdout
    assert "Cannot be reached" in done.stdout
    assert "Alice Brandt" not in done.stdout.split("Figures")[0]  # counts only, unless --each
    shown = (company / "out.html").read_text()
    assert MARK in shown
    assert "Alice Brandt" in shown
    assert (company / "data" / "okr.db").read_bytes() == before

    again = okr(company, "rehearse", "--weeks", "3", "--answers", "silent", "--each",
                "--html", "out.html")  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert "Check-in asked · Week 2 check-in · Alice Brandt" in again.stdout
    assert "“No change”" in (company / "out.html").read_text()


def test_it_says_what_to_do_first(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = okr(tmp_path / "empty", "rehearse")
    assert done.returncode == 1
    assert "okr init" in done.stderr
    assert not (tmp_path / "empty" / "data").exists()


@pytest.mark.parametrize("weeks", ["0", "27"])
def test_weeks_that_cannot_be_played(tmp_path: Path, weeks: str) -> None:
    done = okr(tmp_path, "rehearse", "--weeks", weeks)
    assert done.returncode == 2
    assert "--weeks" in done.stderr


def test_a_page_is_refused_before_anything_is_played(company: Path) -> None:
    (company / "mine.html").write_text("<p>my own page</p>")
    for path, why in {
        "mine.html": "is no rehearsal's page",
        "company": "is a folder",
        "nowhere/out.html": "cannot be written",
    }.items():
        done = okr(company, "rehearse", "--html", path)
        assert done.returncode == 1
        assert why in done.stderr
        assert "Rehearsal of" not in done.stdout
    assert (company / "mine.html").read_text() == "<p>my own page</p>"


def test_stopped_by_ctrl_c_it_prints_what_was_played(company: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOWLY],
        cwd=company,
        env=surroundings(COLUMNS="200"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    began = company / "began"
    while not began.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    assert "It was stopped on" in said
    assert "Figures" in said


SLOWLY = """
import pathlib, sys, time
from bot.rehearsal.play import Rehearsal

passed = Rehearsal._passed


async def slowly(self, moment):
    pathlib.Path("began").touch()
    time.sleep(0.3)
    await passed(self, moment)


Rehearsal._passed = slowly
sys.argv = ["okr", "rehearse", "--weeks", "26"]
from bot.__main__ import main

main()
"""
"""`okr rehearse` on a slow machine, which says when it has begun."""
