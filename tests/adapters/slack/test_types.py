"""What Slack is sent, before the compiler of Slack's own types: no unknown field, no wrong word."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import golden

GIVEN = Path(os.environ.get("OKR_NODE_MODULES") or "nowhere")
TSC = GIVEN / "typescript" / "bin" / "tsc"
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        shutil.which("node") is None
        or not TSC.is_file()
        or not (GIVEN / "@slack" / "types").is_dir(),
        reason="OKR_NODE_MODULES names no folder with npm's typescript and @slack/types",
    ),
]
HEAD = 'import type { KnownBlock, View } from "@slack/types";\n'
UNTYPED = ("data_visualization",)
"""Blocks that Slack takes and @slack/types does not know yet."""


def reviewed() -> Iterator[tuple[str, Any]]:
    """Everything that the reviewed files show, with the name of its file."""
    folder = Path(golden.__file__).parent / "slack"
    for file in sorted(folder.rglob("*.json")):
        for shown in json.loads(file.read_text("utf-8")):
            yield f"{file.relative_to(folder)}", shown


def declared(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block for block in blocks if block["type"] not in UNTYPED]


def source() -> str:
    """One constant for each message and view."""
    lines = [HEAD]
    for n, (name, shown) in enumerate(reviewed()):
        if "blocks" not in shown:
            continue
        blocks = declared(shown["blocks"])
        kind, value = ("View", {**shown, "blocks": blocks}) if "type" in shown else (
            "KnownBlock[]", blocks
        )  # fmt: skip
        lines.append(f"// {name}\nexport const c{n}: {kind} = {json.dumps(value)};\n")
    return "".join(lines)


def test_slacks_own_types_know_all_that_is_sent(tmp_path: Path) -> None:
    text = source()
    assert text.count("export const") > 500
    (tmp_path / "sent.ts").write_text(text, "utf-8")
    (tmp_path / "node_modules").symlink_to(GIVEN)
    done = subprocess.run(
        ["node", str(TSC), "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022",
         "--moduleResolution", "bundler", "--module", "esnext", "sent.ts"],
        cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    lines = text.splitlines()
    wrong = [
        f"{lines[int(line.split('(')[1].split(',')[0]) - 2]}: {line.partition('error ')[2]}"
        for line in done.stdout.splitlines()
        if line.startswith("sent.ts(")
    ]
    assert wrong == []
    assert done.returncode == 0, done.stdout
