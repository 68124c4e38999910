"""What the address of a list of passages asks for, and how the page names it. Every cell of a table links here.

`day=`, or `from=` and `to=` (inclusive), or `from=all`; `checkpoint=`, `hour=`, `direction=`, `transport=`, `vehicles=1`,
`purpose=`, `origin=`, `destination=`, `measure=`, `before=`. A lone `-` means: not given. A place is a division with all
that lies in it (420000: the province); with a `-` behind it, it is the place as the cells have it (420000-: the province,
and nothing more exact is known). What cannot be read is not asked for.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from lianfang.checkpoints.queries import Wanted
from lianfang.doors import tags, words
from lianfang.doors.typed import as_day, as_number
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code, prefix
from lianfang.regions.queries import paths

DAYS_LINKED = 3
NOT_GIVEN = "-"
_DAYS = ("day", "from", "to")


class Chip(NamedTuple):
    """A filter in words, and the address of the same list without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """`day` is None when several days are asked for, `days` are those to choose from."""

    wanted: Wanted
    days: tuple[date, ...]
    before: UUID | None
    address: QueryDict

    @classmethod
    def of(cls, request: HttpRequest, at: datetime) -> "Filters":
        asked, today = request.GET, day_of(at)
        first, last = _days(asked, today)
        wanted = Wanted(
            first=first,
            last=last,
            checkpoint=asked.get("checkpoint") or None,
            hour=_hour(asked.get("hour", "")),
            direction=_one_of(words.DIRECTIONS, asked.get("direction")),
            transport=_one_of(words.TRANSPORTS, asked.get("transport")),
            vehicles=asked.get("vehicles") == "1",
            purpose=_given(asked.get("purpose"), lambda text: _one_of(words.PURPOSES, text)),
            origin=_given(asked.get("origin"), lambda text: _place(text, 6)),
            destination=_given(asked.get("destination"), lambda text: _place(text, 9)),
            measure=_one_of(words.MEASURES, asked.get("measure")),
        )
        linked = tuple(today - timedelta(days=back) for back in range(DAYS_LINKED))
        return cls(wanted, linked, _uuid(asked.get("before", "")), asked)

    @property
    def day(self) -> date | None:
        return self.wanted.first if self.wanted.first == self.wanted.last else None

    def noted(self, posts: Collection[str]) -> dict[str, str]:
        """What is asked for, as the audit log keeps it: codes and days. A checkpoint that is none may be anything."""
        asked = {name: value for name, value in asdict(self.wanted).items() if value not in (None, False)}
        if self.wanted.checkpoint not in posts:
            asked.pop("checkpoint", None)
        return {name: str(value) for name, value in asked.items()}

    @property
    def has_days(self) -> bool:
        """Whether lines need to say their day."""
        return self.day is None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but one whole day is asked for."""
        return self.before is not None or self.has_days or self.wanted != Wanted(self.day, self.day)

    def chips(self) -> list[Chip]:
        """Everything asked for that the page shows nowhere else."""
        return [Chip(name, value, self._without(*keys)) for name, value, keys in self._named()]

    def _without(self, *keys: str) -> str:
        left = self.address.copy()
        for key in (*keys, "before"):
            left.pop(key, None)
        return f"?{left.urlencode()}"

    def _named(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        wanted = self.wanted
        if wanted.first is None or wanted.last is None:
            yield gettext("日期"), gettext("全部日子"), _DAYS
        elif self.day is None:
            yield gettext("日期"), f"{tags.day(wanted.first)} – {tags.day(wanted.last)}", _DAYS
        if wanted.hour is not None:
            yield gettext("钟点"), f"{wanted.hour:02d}:00–{wanted.hour:02d}:59", ("hour",)
        if wanted.vehicles:
            yield gettext("车辆"), gettext("只看机动车"), ("vehicles",)
        yield from self._coded()
        yield from self._places()

    def _coded(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        wanted = self.wanted
        for key, name, code, table in (
            ("transport", gettext("交通方式"), wanted.transport, "TRANSPORTS"),
            ("purpose", gettext("事由"), wanted.purpose, "PURPOSES"),
            ("measure", gettext("处置"), wanted.measure, "MEASURES"),
        ):
            if code is not None:
                yield name, tags.word(code, table) if code else gettext("没有填写"), (key,)

    def _places(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        asked = {"origin": self.wanted.origin, "destination": self.wanted.destination}
        codes = [canonical(code) for code in asked.values() if code]
        found = paths(codes, self.wanted.last or self.days[0]) if codes else {}
        for key, name in (("origin", gettext("从哪来")), ("destination", gettext("到哪去"))):
            code = asked[key]
            if code is not None:
                yield name, _place_in_words(code, found) if code else gettext("没有填写"), (key,)


def _place_in_words(code: str, found: dict[str, str]) -> str:
    place = found.get(canonical(code), code)
    if code == prefix(code):
        return place
    return gettext("%(place)s，没有更细的") % {"place": place}


def _days(asked: QueryDict, today: date) -> tuple[date | None, date | None]:
    if asked.get("from") == "all":
        return None, None
    first, last = as_day(asked.get("from", "")), as_day(asked.get("to", ""))
    if first and last and first <= last:
        return first, last
    day = as_day(asked.get("day", "")) or today
    return day, day


def _hour(text: str) -> int | None:
    hour = as_number(text, longest=2)
    return hour if hour is not None and hour < 24 else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _one_of(table: words.Words, code: str | None) -> str | None:
    return code if code in table else None


def _given(text: str | None, read: Callable[[str], str | None]) -> str | None:
    """Empty for what was not given, None where nothing is asked."""
    if text == NOT_GIVEN:
        return ""
    return read(text) if text else None


def _place(text: str, longest: int) -> str | None:
    """First digits of a division's code; with a `-` behind them all of them, the zeros at the end too."""
    code = text.removesuffix(NOT_GIVEN)
    if not is_code(code):
        return None
    digits = code if text.endswith(NOT_GIVEN) else prefix(code)
    return digits if len(digits) <= longest else None
