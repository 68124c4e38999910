"""A line of a history (of a referral, of a quarantine order): written once under the id of its act, and audited."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, Hand, Reach
from lianfang.kernel.refusals import Refusal


def hand(by: Hand | None) -> dict[str, Any]:
    """The columns of a line that say who acted: an officer, a phone by its place in the roster, or nobody (the program)."""
    return {
        "officer_id": by.officer_id if isinstance(by, Reach) else None,
        "roster_id": by.roster_id if isinstance(by, GridReach) else None,
    }


def write_once(line: Model) -> None:
    """Raises `id_taken` where its id stands with another act, also with one that is not seen from here."""
    try:
        with transaction.atomic():
            line.save(force_insert=True)
    except IntegrityError as error:
        raise id_taken() from error


def note_line(
    act: Act, by: Hand | None, *, subject: str, kind: str, state: str, jurisdiction: int | None
) -> None:
    """The same in the audit log, which knows officers by themselves and phones by the roster."""
    details = {"kind": kind, "state": state}
    if isinstance(by, GridReach):
        details["roster"] = str(by.roster_id)
    officer = by if isinstance(by, Reach) else None
    note(act, by=officer, subject=subject, jurisdiction=jurisdiction, details=details)


def id_taken() -> Refusal:
    return Refusal(
        "ACT_ID_TAKEN",
        "这个编号已经用在另一件事上，请刷新后再办理。",
        "This id stands with another act: reload and do it again.",
        status=409,
    )
