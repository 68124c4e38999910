"""Answers from the doors of a grid, a parcel at a time: each item by itself, all of them durable before any is receipted.

Whoever was authorised when he answered is heard: a token that ended since still delivers for a week what happened before. Sent
again, an item is answered as the first time and does nothing; with other content the first stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from msgspec import Raw
from psycopg import errors

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.command.models import RosterAnswer, RosterToken
from lianfang.command.services import delivering_grid_phone
from lianfang.journeys.grid_acts import NamedPlaces, act
from lianfang.journeys.grid_doors import hand_of
from lianfang.journeys.grid_items import PlainAnswer, Read, content_of, read
from lianfang.journeys.grid_taken import ELSEWHERE, LATE, NO_CARER, NOT_PLACED, Taken, taken_elsewhere
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import GridReach, grid_reach
from lianfang.kernel.refusals import Refusal

ATTEMPTS = 3
_JUST_BEFORE = timedelta(milliseconds=1)
_A_VILLAGE = 10**6  # so many numbers
# Phones of one village take turns, whichever of its grids they are for: two parcels never wait for each other.
_TAKING_TURNS = "SELECT pg_advisory_xact_lock(%s)"
SAID = {
    "UNREADABLE": ("这一条无法识别。", "This item cannot be read."),
    "TOO_LARGE": ("这一条太长。", "This item is too long."),
    "SEALED_UNREADABLE": ("这一条打不开，请不要删除。", "This item does not open: do not delete it."),
    "AFTER_EXPIRY": (
        "这一条发生在 24 小时届满之后，请用新的邀请码登记后再送。",
        "This happened after the 24 hours were over: enrol with a new code and send it again.",
    ),
    "REFUSED_BY_STORE": ("这一条无法保存。", "This item cannot be kept."),
    LATE: (
        "已记下；后来已有别的答复，以后来的为准。",
        "Written down; something later was answered, which stands.",
    ),
    ELSEWHERE: (
        "已记下；此人已转到别处，由那里办理。",
        "Written down; the person has been sent elsewhere and is dealt with there.",
    ),
    NOT_PLACED: (
        "没有选好去往的地方，先按地址有误记下，由值班员安排。",
        "No place was chosen: kept as a wrong address, for the desk to place.",
    ),
    NO_CARER: (
        "已记下您到过；靠他照顾的人还没有人照料，所以还不算到位，值班员会安排。",
        "Written down that you were there. Nobody cares yet for who depends on him, so he is not counted as in place: the desk "
        "sees to it.",
    ),
}


class GridReceipt(NamedTuple):
    """What became of one item. `status`: ACCEPTED, DUPLICATE, CONFLICT or SET_ASIDE; `say` in both languages, if anything."""

    id: UUID | None
    status: str
    state: str | None = None
    late: bool = False
    code: str = ""
    say: tuple[str, str] | None = None


def take_answers(*, token: str, items: Sequence[Raw], at: datetime) -> list[GridReceipt]:
    """One receipt an item, in order. Refused as a whole only where the token is."""
    phone = delivering_grid_phone(token=token, at=at)
    unsealer = Unsealer(key_folder())
    opened = [read(item, unsealer) for item in items]
    for left in reversed(range(ATTEMPTS)):
        try:
            return _taken(phone, opened, at)
        except OperationalError as error:  # a desk that types a whole list in may hold what is wanted here
            if not isinstance(error.__cause__, errors.DeadlockDetected) or not left:
                raise
    raise AssertionError


def _taken(phone: RosterToken, opened: Sequence[Read], at: datetime) -> list[GridReceipt]:
    ends = phone.expires_at or at
    hand = hand_of(phone, min(at, ends - _JUST_BEFORE))
    with grid_reach(hand):
        with connection.cursor() as cursor:
            cursor.execute(_TAKING_TURNS, [hand.lo // _A_VILLAGE])
        known = {
            row.id: row for row in RosterAnswer.objects.filter(pk__in=[one.id for one in opened if one.id])
        }
        places = NamedPlaces.named_in([one.item for one in opened if one.item], at)
        parcel = _Parcel(hand, ends, at, known, places)
        return [parcel.take(one) for one in opened]


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What is known while the items of one parcel are taken. `known`: answers by id that came before."""

    hand: GridReach
    ends: datetime
    at: datetime
    known: dict[UUID, RosterAnswer]
    places: NamedPlaces

    def take(self, one: Read) -> GridReceipt:
        item = one.item
        if item is None:
            return _set_aside(one.id, one.code)
        if item.id in self.known:
            return self._again(item, self.known[item.id])
        moment = read_moment(item.occurred_at, received_at=self.at, offset_ms=item.clock_offset_ms)
        if moment is None:
            return _set_aside(item.id, "UNREADABLE")
        happened = min(moment.ruled_at(self.at), self.at)
        if happened >= self.ends:
            return _set_aside(item.id, "AFTER_EXPIRY")
        return self._first(item, happened)

    def _first(self, item: PlainAnswer, happened: datetime) -> GridReceipt:
        try:
            with transaction.atomic():
                taken = act(self.hand, item, self.places, happened=happened, at=self.at)
                row = self._row(item, happened, taken)
                row.save(force_insert=True)
        except Refusal as refusal:
            if refusal.code == "ACT_ID_TAKEN":
                return _conflict(item.id)
            status = "CONFLICT" if refusal.code == "CONFLICT" else "SET_ASIDE"
            return GridReceipt(item.id, status, code=refusal.code, say=(refusal.zh, refusal.en))
        except IntegrityError:  # the id is known beyond what this phone may see
            return _conflict(item.id)
        except DataError:
            return _set_aside(item.id, "REFUSED_BY_STORE")
        self.known[item.id] = row
        return _receipt("ACCEPTED", row)

    def _row(self, item: PlainAnswer, happened: datetime, taken: Taken) -> RosterAnswer:
        return RosterAnswer(
            id=item.id, roster_id=self.hand.roster_id, jurisdiction=self.hand.lo, about=item.about, occurred_at=happened,
            received_at=self.at, digest=key_folder().files(day_of(self.at)).digest(content_of(item)), state=taken.state,
            late=taken.late, code=taken.code,
        )  # fmt: skip

    def _again(self, item: PlainAnswer, before: RosterAnswer) -> GridReceipt:
        """Where the key of that day is gone nobody can tell any more, and the first stays either way."""
        key = key_folder().existing_files(day_of(before.received_at))
        if key is not None and key.digest(content_of(item)) != bytes(before.digest):
            return _conflict(item.id)
        return _receipt("DUPLICATE", before)


def _receipt(status: str, row: RosterAnswer) -> GridReceipt:
    return GridReceipt(row.id, status, row.state, row.late, row.code, SAID.get(row.code))


def _conflict(id: UUID) -> GridReceipt:
    refusal = taken_elsewhere()
    return GridReceipt(id, "CONFLICT", code=refusal.code, say=(refusal.zh, refusal.en))


def _set_aside(id: UUID | None, code: str) -> GridReceipt:
    return GridReceipt(id, "SET_ASIDE", code=code, say=SAID[code])
