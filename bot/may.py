"""Who may do what: one function."""

from collections.abc import Collection
from typing import Literal, TypeAlias, assert_never

from storage.people import Person

Verb: TypeAlias = Literal["read", "update", "set up"]


def may(person: Person, verb: Verb, owners: Collection[int | None] = ()) -> bool:
    """Whether somebody may.

    Everyone in the organisation may read; owners and their leads, both given in `owners`, update
    what is theirs; admins set up, and update everything.
    """
    if not person.active:
        return False
    match verb:
        case "read":
            return True
        case "update":
            return person.admin or person.id in owners
        case "set up":
            return person.admin
        case _:
            assert_never(verb)
