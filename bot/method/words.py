"""The words by which people say where a figure should go, in English and German."""


def of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


UP = of(
    "increase raise grow boost expand "
    "steigern steigere erhöhen erhöhe heben hebe ausbauen vergrößern"
)
DOWN = of(
    "decrease reduce lower cut shrink lessen senken senke reduzieren reduziere "
    "verringern verringere mindern verkürzen verkürze drücken"
)
KEEP = of("keep hold maintain stay halten halte bleiben")

FROM = of("from von")
TO = of("to auf bis →")
BETWEEN = of("between zwischen")
AND = of("and und to bis")
AT_LEAST = of("above over at-least > >= ≥ über mindestens")
AT_MOST = of("below under at-most < <= ≤ unter höchstens maximal")
EVERY = of("a an per each every pro je am")
PERIODS = of("day week month quarter year sprint tag woche monat quartal jahr")

NOT_UNITS = frozenset().union(
    *(UP, DOWN, KEEP, FROM, TO, BETWEEN, AND, AT_LEAST, AT_MOST, EVERY),
    of("at by for für im in next on or per pro this till until within zum diesem"),
)
