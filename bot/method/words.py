"""The words by which people say where a figure should go, in the languages that we read."""

UP = frozenset(
    "increase raise grow boost lift double expand steigern steigere erhöhen erhöhe heben "
    "ausbauen verdoppeln vergrößern wachsen".split()
)
DOWN = frozenset(
    "decrease reduce lower cut drop shrink lessen senken senke reduzieren reduziere verringern "
    "verringere mindern verkürzen verkürze drücken".split()
)
KEEP = frozenset("keep hold maintain stay halten halte bleiben".split())
FROM = frozenset({"from", "von"})
TO = frozenset({"to", "auf", "bis", "→"})
BETWEEN = frozenset({"between", "zwischen"})
AND = frozenset({"and", "und", "to", "bis"})
AT_LEAST = frozenset(
    ("above", "over", "at least", "over", ">", ">=", "≥", "über", "mindestens", "oberhalb")
)
AT_MOST = frozenset(
    ("below", "under", "at most", "<", "<=", "≤", "unter", "höchstens", "maximal", "unterhalb")
)
NO_UNIT = (
    UP | DOWN | KEEP | FROM | TO | BETWEEN | AND | AT_LEAST | AT_MOST
) | frozenset(
    "by in until till this next within at on for per bis im zum am diesem dieses für pro im".split()
)
