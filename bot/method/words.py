"""The words by which people say where a figure should go, in English and German."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UP = _words(
    "increase raise grow boost expand "
    "steigern steigere erhöhen erhöhe heben hebe ausbauen vergrößern"
)
DOWN = _words(
    "decrease reduce lower cut shrink lessen senken senke reduzieren reduziere "
    "verringern verringere mindern verkürzen verkürze drücken"
)
KEEP = _words("keep hold maintain stay halten halte bleiben")

FROM = _words("from von")
TO = _words("to auf bis →")
BETWEEN = _words("between zwischen")
AND = _words("and und to bis")
AT_LEAST = _words("above over at-least > >= ≥ über mindestens")
AT_MOST = _words("below under at-most < <= ≤ unter höchstens maximal")

NOT_UNITS = frozenset().union(
    *(UP, DOWN, KEEP, FROM, TO, BETWEEN, AND, AT_LEAST, AT_MOST),
    _words("at by for für im in next on or per pro this till until within zum diesem"),
)
