"""What the Slack adapter draws, as Slack is given it and as a reader sees it."""

import json

from adapters.slack.plain import unescape
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.golden.laid_out import laid_out
from tests.adapters.slack import shown as slack


class Looks:
    """Block Kit, which Slack takes or refuses as a whole."""

    extension = "json"

    def drawn(self, card: Card) -> str:
        return slack.drawn(card)

    def asked(self, form: Form) -> str:
        return slack.asked(form)

    def golden(self, shown: Card | Form) -> str:
        return "".join(f"{line}\n" for line in laid_out(json.loads(self._sent(shown)), ""))

    def says(self, shown: Card | Form) -> str:
        return slack.seen(self._sent(shown))

    def aloud(self, card: Card) -> str:
        parts = json.loads(self.drawn(card))
        return "\n".join(unescape(part["text"]) for part in parts)

    def inert(self, drawn: str, typed: str) -> bool:
        return slack.inert(drawn, typed)

    def within_limits(self, shown: Card | Form) -> list[str]:
        return slack.faults(self._sent(shown))

    def _sent(self, shown: Card | Form) -> str:
        return self.drawn(shown) if isinstance(shown, Card) else self.asked(shown)
