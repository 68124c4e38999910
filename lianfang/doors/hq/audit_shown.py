"""An entry of the audit log in words: who, what, about which, and what else was noted. Unknown codes stand as they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lianfang.checkpoints.queries.devices import device_names_for_audit
from lianfang.command.groups import GROUPS
from lianfang.doors import words
from lianfang.doors.duty_tags import group_name
from lianfang.doors.hq.audit_words import CODES, CODES_OF, DETAILS, OFFICERS, PLACES, SUBJECTS
from lianfang.doors.tags import moment, word
from lianfang.doors.words import Words
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import is_code
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths

_MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$")  # as details are written
# PostgreSQL keeps details in an order of its own: on the page the most telling comes first.
_RANKS = {name: rank for rank, name in enumerate(DETAILS)}
_GROUPS = {group.code: group for group in GROUPS}


@dataclass(frozen=True, slots=True)
class EntryShown:
    """`about` is what the entry is about, kind and id; `details` pairs of name and value."""

    entry: AuditEntry
    who: str
    act: str
    kind: str
    about: str
    purpose: str
    details: tuple[tuple[str, str], ...]

    @property
    def about_in_short(self) -> str:
        """An id by its end: the beginnings of those of one day are alike."""
        return f"…{self.about[-12:]}" if len(self.about) > 24 else self.about

    @property
    def details_text(self) -> str:
        return gettext("；").join(f"{name} {value}" for name, value in self.details)


def shown(seen: Reach, entries: Sequence[AuditEntry], officers: Mapping[UUID, str]) -> list[EntryShown]:
    """Inside `with reach(…)`; `officers` are everybody by name. As many questions for one as for a hundred."""
    phones = device_names_for_audit(seen, {entry.device_id for entry in entries if entry.device_id})
    places = paths({code for entry in entries for code in _divisions(entry.details)}, day_of(now()))
    names = places | {str(id): name for id, name in officers.items()}
    return [_shown(entry, officers, phones, names) for entry in entries]


def _divisions(details: Mapping[str, Any]) -> list[str]:
    given = (value for name, value in details.items() if name in PLACES)
    return [code for code in given if isinstance(code, str) and is_code(code)]


def _shown(
    entry: AuditEntry, officers: Mapping[UUID, str], phones: Mapping[UUID, str], names: Mapping[str, str]
) -> EntryShown:
    kind, _space, about = entry.subject.rpartition(" ")
    if about in SUBJECTS:  # many of a kind at once, none of them named
        kind, about = about, ""
    purpose = str(words.PURPOSES_OF_READING.get(entry.purpose, entry.purpose))
    return EntryShown(
        entry=entry,
        who=_who(entry, officers, phones),
        act=word(entry.act, "ACTS"),
        kind=str(SUBJECTS.get(kind, kind)),
        about=about,
        purpose=purpose,
        details=tuple(
            (str(DETAILS.get(name, name)), _detail(kind, entry, name, value, names))
            for name, value in sorted(
                entry.details.items(), key=lambda detail: _RANKS.get(detail[0], len(_RANKS))
            )
            if value not in ("", None)
        ),
    )


def _who(entry: AuditEntry, officers: Mapping[UUID, str], phones: Mapping[UUID, str]) -> str:
    """The officer, else the phone; else nobody was in session: the clock, the server's command line, a failed sign-in."""
    if entry.officer_id is not None:
        return officers.get(entry.officer_id, str(entry.officer_id))
    if entry.device_id is not None:
        return phones.get(entry.device_id, str(entry.device_id))
    return ""


def _detail(kind: str, entry: AuditEntry, name: str, value: Any, names: Mapping[str, str]) -> str:
    """A code means what it means of this kind of subject, by this act, on this page; else what it means anywhere."""
    if name in PLACES | OFFICERS and str(value) in names:
        return names[str(value)]
    if name == "group" and str(value) in _GROUPS:
        return group_name(_GROUPS[str(value)])
    for meant_by in (kind, entry.act, str(entry.details.get("page"))):
        if name in CODES_OF.get(meant_by, {}):
            return _value(value, CODES_OF[meant_by][name])
    return _value(value, CODES.get(name, {}))


def _value(value: Any, codes: Words) -> str:
    """A figure, a code in words where it is of a closed list, several of them, codes with figures, or a moment."""
    if isinstance(value, bool):
        return "✓" if value else "—"
    if isinstance(value, list):
        return gettext("、").join(_value(one, codes) for one in value)
    if isinstance(value, dict):
        told = (f"{codes.get(name, name)} {_value(one, {})}" for name, one in value.items())
        return gettext("、").join(told) or "—"
    said = str(value)
    return moment(datetime.fromisoformat(said)) if _MOMENT.match(said) else str(codes.get(said, said))
