"""A meter as SVG; the words above it say the same."""

from markupsafe import Markup

from bot.chat.cards import Meter

NOTHING = Markup()


def meter(each: Meter) -> Markup:
    """A bar with a tick where it should be by now."""
    if each.value is None:
        role = Markup('role="img" aria-label="{}: {}"').format(each.label, each.text)
        bar = NOTHING
    else:
        share = _share(each.value)
        role = Markup(
            'role="meter" aria-label="{}" aria-valuemin="0" aria-valuemax="100" '
            'aria-valuenow="{:.0f}" aria-valuetext="{}"'
        ).format(each.label, share * 100, each.text)
        bar = Markup('<rect class="bar" width="{:.1f}%" height="8" y="3" rx="4"/>').format(
            share * 100
        )
    tick = NOTHING
    if each.expected is not None:
        tick = Markup('<line class="tick" x1="{0:.1f}%" x2="{0:.1f}%" y1="0" y2="14"/>').format(
            min(99.5, max(0.5, _share(each.expected) * 100))
        )
    return Markup(
        '<div class="meter {}"><div class="said"><span class="label">{}</span> '
        '<span class="value">{}</span></div><div {}><svg width="100%" height="14" '
        'aria-hidden="true" focusable="false"><rect class="track" width="100%" height="8" y="3" '
        'rx="4"/>{}{}</svg></div></div>'
    ).format(each.tone, each.label, each.text, role, bar, tick)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
