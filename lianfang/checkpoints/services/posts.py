"""Opening checkpoints: border ones when a city is set up, local posts from the desk."""

from datetime import datetime, time

from django.db import connection, transaction

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.services.names import tidied
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import as_integer, canonical, is_code, level, prefix
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal


@transaction.atomic
def open_post(*, by: Reach, name: str, division: str, kind: str, at: datetime) -> Checkpoint:
    """A local post (卡点) of a county, township, village or grid within reach, open from now on.

    Its code is the division's and a running number, e.g. L210381101-1, short enough to be read out.
    """
    by.require("OPEN_POSTS")
    division = _division(division)
    by.require_cover(division)
    if kind not in Checkpoint.Kind.values:
        raise Refusal("KIND_UNKNOWN", "没有这种卡点。", "There is no such kind of post.")
    made = Checkpoint.objects.create(
        code=_next_code(division),
        name=_name(name),
        tier=Checkpoint.Tier.LOCAL,
        kind=kind,
        division=division,
        jurisdiction=as_integer(division),
        opened_at=at,
    )
    _note(made, by)
    return made


def _note(made: Checkpoint, by: Reach | None) -> None:
    details = {"tier": made.tier, "kind": made.kind}
    subject = f"CHECKPOINT {made.code}"
    note(Act.CHECKPOINT_OPENED, by=by, subject=subject, jurisdiction=made.jurisdiction, details=details)


@transaction.atomic
def open_border_checkpoint(
    *,
    code: str,
    name: str,
    kind: str,
    division: str,
    lanes: int,
    longitude: float | None,
    latitude: float | None,
    at: datetime,
    hours: tuple[time, time] | None = None,
) -> Checkpoint:
    """A border checkpoint (卡口), for set-up. Again: its name and place are brought up to date; whose it is stays.

    `hours`: when it opens and closes; without them it never closes.
    """
    opens_at, closes_at = hours or (None, None)
    described = {
        "name": name,
        "kind": kind,
        "lanes": lanes,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "longitude": longitude,
        "latitude": latitude,
    }
    fixed = {
        "tier": Checkpoint.Tier.BORDER,
        "division": canonical(division),
        "jurisdiction": as_integer(division),
        "opened_at": at,
    }
    checkpoint, made = Checkpoint.objects.update_or_create(
        code=code, defaults=described, create_defaults=described | fixed
    )
    if made:
        _note(checkpoint, None)
    return checkpoint


def _division(text: str) -> str:
    if not is_code(text) or level(text) in ("PROVINCE", "CITY"):
        raise Refusal(
            "DIVISION_UNKNOWN",
            "请选择卡点所在的县区、乡镇街道或村（社区）。",
            "Choose the county, township or village the post lies in.",
        )
    return canonical(text)


def _name(text: str) -> str:
    name = tidied(text)
    if not name:
        raise Refusal("NAME_MISSING", "请填写卡点名称。", "Name the post.")
    return name


def _next_code(division: str) -> str:
    """Whoever opens a post in this division takes turns, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lianfang post {division}"])
    stem = f"L{prefix(division)}-"
    return f"{stem}{Checkpoint.objects.filter(code__startswith=stem).count() + 1}"
