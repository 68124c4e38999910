"""The door's statements, as the pages' role may ask them without a session: set-based, one round trip for whatever came together.

They call functions of the database (migrations/sql/check_in_door.sql) that alone see orders and links.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from lianfang.quarantine.rules import Thresholds, thresholds_of

MOST_NOTICES = 3  # on a page for the public: a fourth is not read

_PAGES = "SELECT * FROM lianfang_check_in_pages($1::bytea[], $2::date, $3::timestamptz)"
_TAKE = (
    "SELECT number, outcome, jurisdiction FROM lianfang_check_in($1::bytea[], $2::int[], $3::uuid[], $4::date[], $5::text[], "
    "$6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz)"
)
_KNOWN = (
    "SELECT number, outcome, verdict FROM lianfang_check_in_known($1::bytea[], $2::int[], $3::uuid[], $4::uuid[], $5::date[], "
    "$6::text[], $7::numeric[], $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz)"
)
_THRESHOLDS = "SELECT content FROM check_in_thresholds WHERE hash = lianfang_thresholds($1)"
_CALL = "SELECT place, phone FROM lianfang_whom_to_call($1::bigint[], $2::timestamptz)"
_NOTICES = (
    "SELECT p.place, n.title, n.body, n.title_en, n.body_en, n.division FROM unnest($1::bigint[]) p (place) "
    f"CROSS JOIN LATERAL (SELECT * FROM lianfang_place_notices(p.place, $2::timestamptz) LIMIT {MOST_NOTICES}) n"
)


class PlaceOnSlip(NamedTuple):
    """Somebody on a household's slip, as the public side knows him."""

    place: int
    day0_on: date
    last_on: date
    state: str
    ended_at: datetime | None
    jurisdiction: int
    morning: str | None
    evening: str | None


class LinkFound(NamedTuple):
    """`standing` GOOD, REVOKED or EXPIRED. `home`: the link's own place, that of those who stayed."""

    standing: str
    people: tuple[PlaceOnSlip, ...]
    home: int

    @property
    def place(self) -> int:
        """Of which place its page tells: somebody who left, or whose order is over, moves the household nowhere."""
        staying = [one.jurisdiction for one in self.people if one.ended_at is None]
        return self.home if self.home in staying or not staying else staying[0]


class NoticeTold(NamedTuple):
    title: str
    body: str
    title_en: str
    body_en: str
    division: str


async def pages(
    connection: asyncpg.Connection, tokens: Collection[bytes], *, today: date, at: datetime
) -> dict[bytes, LinkFound]:
    """Token's hash → what its page shows; nothing for a token that is nobody's."""
    found: dict[bytes, LinkFound] = {}
    for token, standing, *rest, home in await connection.fetch(_PAGES, [*tokens], today, at):
        known = found.get(token, LinkFound(standing, (), home))
        found[token] = known._replace(people=(*known.people, PlaceOnSlip(*rest)))
    return found


async def take(
    connection: asyncpg.Connection, rows: Iterable[Sequence[Any]], *, at: datetime
) -> list[tuple[str, int | None]]:
    """Outcome and jurisdiction of each row, in order; durable when this returns.

    Rows: token, place, id, day, half, celsius, symptoms, way, verdict, thresholds' hash, occurred_at.
    """
    columns = list(zip(*rows, strict=True))
    answered = await connection.fetch(_TAKE, *columns, at)
    by_number = {number: (outcome, jurisdiction) for number, outcome, jurisdiction in answered}
    return [by_number[number] for number in range(1, len(columns[0]) + 1)]


async def known(
    connection: asyncpg.Connection, rows: Iterable[Sequence[Any]], *, at: datetime
) -> dict[int, tuple[str, str]]:
    """Number of the row (from 1) → DUPLICATE or CONFLICT, and the verdict. Rows as for `take`, another id after the id."""
    columns = list(zip(*rows, strict=True))
    answered = await connection.fetch(_KNOWN, *columns, at)
    return {number: (outcome, verdict) for number, outcome, verdict in answered}


async def thresholds(connection: asyncpg.Connection, *, at: datetime) -> Thresholds:
    return thresholds_of(msgspec.json.decode(await connection.fetchval(_THRESHOLDS, at)))


async def phones(connection: asyncpg.Connection, places: Collection[int], *, at: datetime) -> dict[int, str]:
    return dict(await connection.fetch(_CALL, [*places], at))


async def notices(
    connection: asyncpg.Connection, places: Collection[int], *, at: datetime
) -> dict[int, tuple[NoticeTold, ...]]:
    """The newest first; nothing for a place of which nothing is told."""
    found: dict[int, tuple[NoticeTold, ...]] = {}
    for place, *told in await connection.fetch(_NOTICES, [*places], at):
        found[place] = (*found.get(place, ()), NoticeTold(*told))
    return found
