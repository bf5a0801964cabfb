"""`python -m tests.adapters.golden`: write every golden file anew, and remove those left over."""

import shutil
import sys

from bot.flows import flows
from bot.texts import languages
from tests.adapters import golden


def main() -> None:
    """Renew all, and say what became of it."""
    before = {path: text for style in golden.styles() for path, text in golden.kept(style).items()}
    after = {
        path: text
        for style in golden.styles()
        for language in languages()
        for flow in flows()
        for path, text in golden.expected(style, language, flow).items()
    }
    for folder in golden.HERE.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            shutil.rmtree(folder)
    for path, text in after.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    changed = sum(before.get(path) != text for path, text in after.items())
    gone = len(before.keys() - after.keys())
    sys.stdout.write(f"{len(after)} golden files: {changed} new or changed, {gone} removed.\n")


if __name__ == "__main__":
    main()
