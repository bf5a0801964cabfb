"""Slack's speed limits, by a clock of the test's own."""

from adapters.slack.rates import A_CHANNEL, BURST, METHODS, Rates

POST, UPDATE = "chat.postMessage", "chat.update"


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def go(rates: Rates, clock: Hand, method: str, channel: str, times: int) -> float:
    """So many calls, each as soon as it is welcome; the seconds that took."""
    start = clock.now
    for _ in range(times):
        clock.now += rates.wait(method, channel)
        rates.spend(method, channel)
    return clock.now - start


def test_a_wave_to_many_people_is_never_held_up() -> None:
    clock = Hand()
    rates = Rates(clock)
    assert sum(go(rates, clock, POST, f"U{n}", 1) for n in range(5000)) == 0


def test_one_channel_takes_a_few_at_once_and_then_one_a_second() -> None:
    clock = Hand()
    rates = Rates(clock)
    assert go(rates, clock, POST, "C1", BURST) == 0
    assert round(go(rates, clock, POST, "C1", 10), 6) == 10 * A_CHANNEL
    assert rates.wait(POST, "C2") == 0
    clock.now += 60
    assert go(rates, clock, POST, "C1", BURST) == 0


def test_edits_keep_to_their_method_wherever_they_are() -> None:
    clock = Hand()
    rates = Rates(clock)
    took = sum(go(rates, clock, UPDATE, f"D{n}", 1) for n in range(BURST + 50))
    assert round(took, 6) == round(50 / METHODS[UPDATE], 6) == 60


def test_what_slack_refuses_waits_as_long_as_it_says_and_nothing_else_does() -> None:
    clock = Hand()
    rates = Rates(clock)
    rates.refused(POST, 30)
    assert rates.wait(POST, "C1") == rates.wait(POST, "C2") == 30
    assert rates.wait(UPDATE, "C1") == 0
    clock.now += 30
    assert rates.wait(POST, "C1") == 0
