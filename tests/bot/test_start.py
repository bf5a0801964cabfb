"""A start loads what it needs and nothing else: seconds and megabytes of everybody's machine."""

import subprocess
import sys

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
