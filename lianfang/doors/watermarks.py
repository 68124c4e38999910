"""The line under whatever leaves the program: who took it, when, what for, and the number under which the log has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from lianfang.doors.reading import area_of, through_glass
from lianfang.doors.tags import moment_to_the_second
from lianfang.kernel.audit import Act, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.reach import Reach, reach


@dataclass(frozen=True, slots=True)
class Watermark:
    """As text it is the line itself, in the reader's language."""

    officer: str
    at: datetime
    purpose: str
    reference: str

    def __str__(self) -> str:
        given = {"officer": self.officer, "at": moment_to_the_second(self.at)}
        given |= {"purpose": self.purpose, "reference": self.reference}
        return gettext("导出人 %(officer)s · %(at)s · 用途 %(purpose)s · 编号 %(reference)s") % given


def exported(by: Reach, *, what: str, count: int, purpose: str, at: datetime, **details: Any) -> Watermark:
    """Figures leave as a sheet: noted before the first byte goes. `what`: the kind of sheet and what it covers, in codes."""
    reference = new_reference()
    with reach(by) as seen:
        note(
            Act.EXPORTED,
            by=seen,
            subject=what,
            count=count,
            jurisdiction=area_of(seen),
            details={"reference": reference, **through_glass(seen), **details},
        )
    return Watermark(by.officer_name, at, purpose, reference)
