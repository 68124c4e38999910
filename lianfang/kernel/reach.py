"""Reach: which part of the region tree a signed-in officer may see, and the only way to a connection.

Every query on personal data runs inside `with reach(session):`. It opens the transaction and tells PostgreSQL the
random id of the officer's open session; row-level security asks one function what that session may see. The setting
never carries a reach, so a forged setting sees nothing. The id travels as a literal of SET LOCAL, quoted by psycopg.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from lianfang.kernel.divisions import span
from lianfang.kernel.refusals import Forbidden


class ReadsOnly(Forbidden):
    """What is seen through broken glass is read and nothing else."""

    def __init__(self) -> None:
        super().__init__(
            "GLASS_READS_ONLY",
            "破窗查看只能看，不能办理。要改动，请联系当地的值班员。",
            "Through broken glass one reads and changes nothing: call the desk of that place.",
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """An open session of an officer: who, with which permissions, over which spans of division codes.

    `spans` are those of the postings; `glass` are read as well while broken glass lasts, and never written to.
    """

    session: str = field(repr=False)
    officer_id: UUID
    officer_name: str
    kind: str
    expires_at: datetime
    roles: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()
    spans: tuple[tuple[int, int], ...] = ()
    glass: tuple[tuple[int, int], ...] = ()

    @property
    def readable(self) -> tuple[tuple[int, int], ...]:
        """Every span whose records may be read."""
        return self.spans + self.glass

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        if permission not in self.permissions:
            raise Forbidden("NOT_PERMITTED", "您的岗位没有这项权限。", "Your role does not permit this.")

    def covers(self, code: str) -> bool:
        """Whether the whole division (6 to 18 digits) lies within reach."""
        lo, hi = span(code)
        return any(from_ <= lo and hi <= to for from_, to in self.spans)

    def holds(self, jurisdiction: int) -> bool:
        """Whether something lies within the officer's own postings. Beyond them, through broken glass, he only reads."""
        return any(lo <= jurisdiction <= hi for lo, hi in self.spans)

    def require_own(self, jurisdiction: int) -> None:
        if not self.holds(jurisdiction):
            raise ReadsOnly

    def require_cover(self, code: str) -> None:
        if not self.covers(code):
            raise Forbidden("OUT_OF_REACH", "不在您的管辖范围内。", "This lies outside your area.")


@dataclass(frozen=True, slots=True)
class GridReach:
    """A grid worker's phone in use: which one, opened with its PIN, over one division and no other."""

    roster_id: UUID
    token_hash: bytes = field(repr=False)
    lo: int
    hi: int
    at: datetime

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return ((self.lo, self.hi),)

    @property
    def readable(self) -> tuple[tuple[int, int], ...]:
        return self.spans

    def holds(self, jurisdiction: int) -> bool:
        return self.lo <= jurisdiction <= self.hi


Hand = Reach | GridReach


@contextmanager
def grid_reach(phone: GridReach) -> Iterator[GridReach]:
    """Open a transaction that sees what the phone's own grid holds; PostgreSQL asks for the token again."""
    with transaction.atomic():
        for setting, value in (("roster", phone.token_hash.hex()), ("roster_at", phone.at.isoformat())):
            statement = sql.SQL("SET LOCAL {} = {}").format(
                sql.Identifier("lianfang", setting), sql.Literal(value)
            )
            with connection.cursor() as cursor:
                cursor.execute(statement.as_string(None))
        yield phone


@contextmanager
def reach(session: Reach) -> Iterator[Reach]:
    """Open a transaction that sees what the session may see, and nothing else."""
    with transaction.atomic():
        statement = sql.SQL("SET LOCAL lianfang.session = {}").format(sql.Literal(session.session))
        with connection.cursor() as cursor:
            cursor.execute(statement.as_string(None))
        yield session


def hand_reach(by: Hand) -> AbstractContextManager[Hand]:
    """Whoever acts: an officer at his desk, or a grid worker at a door."""
    return grid_reach(by) if isinstance(by, GridReach) else reach(by)


def hand_id(by: Hand) -> UUID:
    """What stands beside what was told: the officer, or the grid worker's phone."""
    return by.roster_id if isinstance(by, GridReach) else by.officer_id
