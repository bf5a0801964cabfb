"""A built wheel in an environment of its own: words, migrations and page included."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def okr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that has the wheel."""
    room = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = ["wheel", "--no-build-isolation", "--no-deps", "-w", str(room), str(HERE)]
    subprocess.run([*pip, *build], check=True, capture_output=True)
    (wheel,) = room.glob("*.whl")
    venv.create(room / "venv", with_pip=False)
    (packages,) = (room / "venv").glob("lib/python*/site-packages")
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", str(packages), str(wheel)],
        check=True,
        capture_output=True,
    )
    # What it depends on comes from the environment of the tests, without its own copy of okr.
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return room / "venv" / "bin" / "python"


def asked(okr: Path, room: Path, *words: str) -> str:
    """What Python says there."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [okr, *words], cwd=room, env=own, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_it_is_whole(okr: Path, tmp_path: Path) -> None:
    where = asked(okr, tmp_path, "-c", "import bot; print(bot.__file__)")
    assert str(okr.parent.parent) in where
    assert "init" in asked(okr, tmp_path, "-m", "bot", "--help")
    assert "The database is at" in asked(okr, tmp_path, "-m", "bot", "migrate")
    assert "people.csv" in asked(okr, tmp_path, "-m", "bot", "import", "--example", "company")
    said = "from bot.texts import Voice; print(Voice('de').line('checkin.title', week=5))"
    assert asked(okr, tmp_path, "-c", said) == "Check-in Woche 5\n"
    page = "from importlib.resources import files; print(files('adapters.web') / 'page')"
    assert (Path(asked(okr, tmp_path, "-c", page).strip()) / "index.html").is_file()
