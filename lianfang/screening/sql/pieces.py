"""Pieces of SQL with their parameters. What is spliced are our own words; values only ever travel as parameters."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Composed(NamedTuple):
    """A piece of SQL and its parameters, in the order of their %s."""

    sql: str
    params: tuple[Any, ...] = ()


def put(text: str, *parts: object) -> Composed:
    """The text with a part in the place of each {}: a piece as it stands, anything else as a parameter."""
    words = text.split("{}")
    sql = [words[0]]
    params: list[Any] = []
    for part, word in zip(parts, words[1:], strict=True):
        piece = part if isinstance(part, Composed) else Composed("%s", (part,))
        sql += piece.sql, word
        params += piece.params
    return Composed("".join(sql), tuple(params))


def joined(glue: str, pieces: Iterable[Composed]) -> Composed:
    pieces = list(pieces)
    return Composed(
        glue.join(piece.sql for piece in pieces), tuple(value for piece in pieces for value in piece.params)
    )
