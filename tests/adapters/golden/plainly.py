"""Cards and forms as plain text, without any platform: what people review when words change."""

from unicodedata import category

from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.golden.asked import form_lines
from tests.adapters.golden.said import card_lines


class Plainly:
    """Draws everything that was said or asked, and nothing about how it looks."""

    extension = "txt"

    def golden(self, shown: Card | Form) -> str:
        """The file of one example."""
        lines = card_lines(shown) if isinstance(shown, Card) else form_lines(shown)
        return "".join(f"{_visible(line)}\n" for line in lines)


def _visible(line: str) -> str:
    """Ordinary blanks for hard ones; a sign that nobody can see, as its number."""
    signs = (
        f"⟨{ord(sign):04X}⟩" if category(sign) in {"Cc", "Cf", "Cs"} else sign
        for sign in line.replace("\N{NO-BREAK SPACE}", " ").replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )
    )
    return "".join(signs).rstrip()
