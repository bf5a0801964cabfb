"""The form that asks for a reason, and what follows."""

from bot.chat.cards import Button, Card
from bot.chat.forms import Form, LongText, Page
from bot.flow import action
from bot.goals import findings
from bot.goals.findings import Found
from bot.texts import Voice

LONGEST_REASON = 300


def form(voice: Voice, found: Found) -> Form:
    """Why it is right like this."""
    reason = LongText(
        id="reason",
        label=voice.line("lint.reason"),
        hint=voice.line("lint.reason_hint"),
        required=True,
        longest=LONGEST_REASON,
    )
    why = findings.reason(voice, found.spoken)
    about = voice.text("lint.about", title=findings.short(found.title), reason=why)
    return Form(
        voice.line("lint.dismiss_title"),
        action("lint", "dismiss", *found.key),
        (Page("", (reason,), (about,)),),
        voice.line("lint.dismiss_submit"),
        voice.locale,
    )


def dismissed(voice: Voice, found: Found, why: str) -> Card:
    """It is not spoken of any more."""
    return Card(
        voice.line("lint.dismissed_title"),
        (
            *voice.blocks("lint.dismissed", title=findings.short(found.title)),
            voice.text("lint.because", text=why),
        ),
        (Button(voice.line("lint.undo"), action("lint", "undo", *found.key)),),
    )


def undone(voice: Voice, found: Found) -> Card:
    """It is spoken of again."""
    blocks = (*voice.blocks("lint.undone"), *findings.shown(voice, [found]))
    return Card(voice.line("lint.undone_title"), blocks)
