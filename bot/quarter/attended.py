"""How a quarter was answered, in a line that ranks nobody."""

from bot.quarter.attendance import Attendance
from bot.texts import Voice


def told(voice: Voice, attendance: Attendance) -> str:
    """The share in time, how many were late or missing, and the time it takes; "" for nothing."""
    if attendance.in_time is None:
        return ""
    median = attendance.median
    return voice.line(
        "quarter.attendance",
        share=voice.percent(attendance.in_time),
        asked=attendance.asked,
        late=attendance.late,
        missed=attendance.missed,
        seconds=0 if median is None else round(median),
    )
