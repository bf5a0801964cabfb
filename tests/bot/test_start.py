"""A start loads what it needs and nothing else: seconds and megabytes of everybody's machine."""

import subprocess
import sys

import pytest

NEEDLESS = (
    "alembic", "psycopg", "slack_sdk", "slack_bolt", "botbuilder", "rapidfuzz", "yaml",
    "charset_normalizer", "bot.demo", "bot.importing", "storage.migrating",
)  # fmt: skip
A_START = """
import sys
sys.argv = ["okr", "run"]
from datetime import datetime
from adapters import load
from bot.commands import command_line
from bot.flows import flows
command_line(load, datetime.now)
import adapters.web
flows()
print(*sys.modules)
"""


def test_okr_run_on_the_page_loads_nothing_of_other_platforms_verbs_or_engines() -> None:
    told = subprocess.run(
        [sys.executable, "-c", A_START], capture_output=True, text=True, check=True
    )
    loaded = told.stdout.split()
    assert "aiohttp.web" in loaded
    assert [name for name in NEEDLESS if name in loaded] == []


A_VERB = """
import sys
sys.argv = ["okr", *sys.argv[1:]]
from bot.__main__ import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


KITS = ("slack_sdk", "slack_bolt", "adapters.slack.adapter", "botbuilder", "adapters.teams.adapter")


@pytest.mark.parametrize("words", [["--help"], ["slack", "manifest"], ["teams", "--help"]])
def test_help_and_a_platforms_own_verbs_load_nothing_of_its_kit(words: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-c", A_VERB, *words], capture_output=True, text=True, check=True
    )
    loaded = told.stderr.split()
    assert {"adapters.slack.manifest", "adapters.teams.manifest"} & set(loaded)
    assert [name for name in KITS if name in loaded] == []
