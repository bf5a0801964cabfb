"""Statements that are built once and kept: building one takes longer than running it."""

from typing import Any

from sqlalchemy import BindParameter, bindparam


def given(name: str) -> BindParameter[Any]:
    """What is told when the statement runs."""
    return bindparam(name)


def several(name: str) -> BindParameter[Any]:
    """The same for `in_`: a list of any length."""
    return bindparam(name, expanding=True)
