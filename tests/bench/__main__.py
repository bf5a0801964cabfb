"""Runs every bench and prints their table: `python -m tests.bench [name …] [--readme]`."""

import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import structlog

from tests.bench.table import Figure, markdown

BENCHES = (
    "answer",
    "server",
    "claim",
    "plan",
    "cards",
    "start",
    "rehearsal",
    "slack",
    "wave",
    "teams",
)
README = Path("README.md")
BEGIN, END = "<!-- figures: made by make bench -->", "<!-- end of figures -->"


def main(words: list[str]) -> None:
    """All benches, or those named."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    named = [word for word in words if not word.startswith("-")]
    figures: list[Figure] = []
    for name in named or BENCHES:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="okr-bench-") as folder:
            found = list(import_module(f"tests.bench.{name}").bench(Path(folder)))
        print(markdown(found), f"\n({name}: {time.perf_counter() - start:.0f} s)\n", flush=True)  # noqa: T201 this is its output
        figures += found
    print(markdown(figures))  # noqa: T201 the same
    if "--readme" in words:
        _into_readme(markdown(figures))


def _into_readme(table: str) -> None:
    """Put the table between the markers, where they are."""
    text = README.read_text()
    if BEGIN in text and END in text:
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


main(sys.argv[1:])
