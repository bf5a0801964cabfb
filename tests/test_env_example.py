"""`.env.example` names every setting there is, with its default and one line; it is made from here.

`python -m tests.test_env_example` writes it anew.
"""

from pathlib import Path

from pydantic_settings import BaseSettings

from adapters.api.settings import Settings as Api
from adapters.slack.settings import Settings as Slack
from adapters.teams.settings import Settings as Teams
from adapters.web.settings import Settings as Web
from bot.settings import Settings

FILE = Path(__file__).parent.parent / ".env.example"
HEAD = (
    "# Every setting of okr with its default. `okr init` asks for the first ones and writes .env;\n"
    "# take the # away from a line, in .env, to change one.\n"
)


def written() -> str:
    """The file as it should be."""
    parts = (
        ("The organisation", Settings),
        ("The web page", Web),
        ("The API for your own systems", Api),
        ("Slack", Slack),
        ("Microsoft Teams", Teams),
    )
    return HEAD + "".join(f"\n# {title}\n{_of(settings)}" for title, settings in parts)


def _of(settings: type[BaseSettings]) -> str:
    prefix = settings.model_config.get("env_prefix", "")
    lines = []
    for name, field in settings.model_fields.items():
        assert field.description, f"{name} says nothing about itself"
        key = str(field.validation_alias or f"{prefix}{name.upper()}")
        lines.append(f"\n# {field.description}\n#{key}={_default(field.default)}\n")
    return "".join(lines)


def _default(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def test_the_example_names_every_setting() -> None:
    assert FILE.read_text("utf-8") == written()


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
