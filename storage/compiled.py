"""Compiled statements, shared by all engines of one server or kind of file.

Compiling takes longer than running: what the writer has compiled, readers need not compile again.
"""

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache

_SIZE = 1_000
_known: dict[str, Dialect] = {}
_compiled: dict[str, LRUCache[object, object]] = {}


def shared(engine: Engine) -> Engine:
    """The engine, with the statements that others of its kind have compiled.

    A dialect is known once it has seen its server; engines that are made later take it over.
    """
    kind = engine.url.render_as_string()
    engine.update_execution_options(compiled_cache=_compiled.setdefault(kind, LRUCache(_SIZE)))
    own = engine.dialect
    engine.dialect = _known.get(kind, own)

    def keep(*_: object) -> None:
        _known.setdefault(kind, own)

    event.listen(engine, "first_connect", keep)
    return engine
