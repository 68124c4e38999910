"""Questions about officers: colleagues by name, the administrators' list, one officer with the postings there were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Now

from lianfang.command.models import Officer, Posting
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden

MOST_COLLEAGUES = 50
OFFICERS_A_PAGE = 50
ADMINISTER = ("MANAGE_OFFICERS", "GRANT_POSTINGS")


class Colleague(NamedTuple):
    """An officer by name, and nothing else about them."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting as it is listed. `granted_by`, `ended_by`: names; None at the server's command line, or by itself."""

    id: UUID
    role: str
    division: str
    from_at: datetime
    until_at: datetime | None
    granted_by: str | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer as administrators see one. `second_factor`: SET, NOT_SET, or NOT_ASKED (officers of a demo)."""

    id: UUID
    sign_in_name: str
    name: str
    made_at: datetime
    left_at: datetime | None
    activated: bool
    second_factor: str
    postings: tuple[PostingLine, ...]


@dataclass(frozen=True, slots=True)
class OfficerPage:
    lines: tuple[OfficerLine, ...]
    next_before: UUID | None


class OfficerCounts(NamedTuple):
    """Officers in service, and those of them who hold no posting."""

    in_service: int
    unposted: int


@dataclass(frozen=True, slots=True)
class OfficerFile:
    """One officer, and the postings that ended, the newest first."""

    line: OfficerLine
    ended: tuple[PostingLine, ...]


def lies_within(reach: Reach) -> Q:
    """Postings over divisions within the officer's own reach; none when there is none."""
    here = Q(pk__in=[])
    for lo, hi in reach.spans:
        here |= Q(lo__gte=lo, hi__lte=hi)
    return here


def is_over_everybody(reach: Reach) -> bool:
    """Whether nobody's posting reaches beyond the officer's own: he is posted over the whole city, large or small."""
    lasting = Posting.objects.filter(Q(until_at=None) | Q(until_at__gt=Now())).exclude(role="WORKER")
    return bool(reach.spans) and not lasting.exclude(lies_within(reach)).exists()


def lasting_beyond(at: datetime) -> Q:
    """Postings that have not ended at that moment."""
    return Q(until_at=None) | Q(until_at__gt=at)


def officers_within(reach: Reach, *, at: datetime) -> QuerySet[Officer]:
    """Those an administrator may see: none of whose postings reaches beyond his own. Who holds none is everybody's."""
    outside = Posting.objects.filter(lasting_beyond(at), ~lies_within(reach), officer=OuterRef("pk"))
    return Officer.objects.exclude(sign_in_name__startswith="system:").filter(~Exists(outside))


def in_service_within(reach: Reach, *, at: datetime) -> QuerySet[Officer]:
    return officers_within(reach, at=at).filter(left_at=None)


def officer_page(
    reach: Reach, *, name: str = "", before: UUID | None = None, left: bool = False, at: datetime
) -> OfficerPage:
    """A page of officers in service, or of those who left; the newest first. `name`: part of a name or sign-in name."""
    _require_administrator(reach)
    found = officers_within(reach, at=at).filter(left_at__isnull=not left)
    if name:
        found = found.filter(Q(name__icontains=name) | Q(sign_in_name__icontains=name))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(_with_postings(found, at).order_by("-pk")[: OFFICERS_A_PAGE + 1])
    shown = rows[:OFFICERS_A_PAGE]
    return OfficerPage(tuple(map(_line, shown)), shown[-1].pk if len(rows) > len(shown) else None)


def count_officers(reach: Reach, *, at: datetime) -> OfficerCounts:
    _require_administrator(reach)
    here = in_service_within(reach, at=at)
    lasting = Posting.objects.filter(lasting_beyond(at), officer=OuterRef("pk"))
    return OfficerCounts(here.count(), here.filter(~Exists(lasting)).count())


def officer_file(reach: Reach, id: UUID, *, at: datetime) -> OfficerFile | None:
    """One officer in service with the postings within reach that ended; None: there is none, or he is another's."""
    _require_administrator(reach)
    officer = _with_postings(in_service_within(reach, at=at), at).filter(pk=id).first()
    if officer is None:
        return None
    over = Posting.objects.filter(lies_within(reach), officer=officer, until_at__lte=at)
    return OfficerFile(_line(officer), _posting_lines(_named(over).order_by("-until_at", "-pk")))


def colleagues(reach: Reach, *, jurisdiction: int, roles: Sequence[str]) -> list[Colleague]:
    """Officers in service whose posting covers the division and lies within reach, the closest first.

    Postings are in force by the database's clock, as for sessions.
    """
    reach.require("ASSIGN_FINDINGS")
    postings = (
        Posting.objects.filter(lies_within(reach), _in_force(), role__in=roles, officer__left_at=None)
        .filter(lo__lte=jurisdiction, hi__gte=jurisdiction)
        .order_by(F("hi") - F("lo"), "officer__name", "officer_id")
        .values_list("officer_id", "officer__name")
    )
    found = dict(postings[: 2 * MOST_COLLEAGUES])
    return [Colleague(*row) for row in found.items()][:MOST_COLLEAGUES]


def names_for_audit(reach: Reach) -> dict[UUID, str]:
    """Everybody there ever was, by name: whoever acted is named long after they left."""
    reach.require("READ_AUDIT")
    people = Officer.objects.order_by("name", "sign_in_name")
    return dict(people.values_list("id", "name"))


def first_posted(role: str) -> str | None:
    """The sign-in name of the officer who holds the role longest, for whoever stands at the server."""
    held = Posting.objects.filter(_in_force(), role=role, officer__left_at=None)
    return held.order_by("from_at").values_list("officer__sign_in_name", flat=True).first()


def _in_force() -> Q:
    return Q(from_at__lte=Now()) & (Q(until_at=None) | Q(until_at__gt=Now()))


def _require_administrator(reach: Reach) -> None:
    if not any(reach.may(permission) for permission in ADMINISTER):
        raise Forbidden("NOT_PERMITTED", "您的岗位没有这项权限。", "Your role does not permit this.")


def _with_postings(officers: QuerySet[Officer], at: datetime) -> QuerySet[Officer]:
    lasting = _named(Posting.objects.filter(lasting_beyond(at))).order_by("from_at", "pk")
    return officers.prefetch_related(Prefetch("postings", lasting, to_attr="lasting"))


def _named(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    people = Officer.objects.exclude(sign_in_name__startswith="system:")
    return postings.annotate(
        granter=Subquery(people.filter(pk=OuterRef("granted_by")).values("name")),
        ender=Subquery(people.filter(pk=OuterRef("ended_by")).values("name")),
    )


def _line(officer: Officer) -> OfficerLine:
    confirmed = "SET" if officer.totp_confirmed_at else "NOT_SET"
    return OfficerLine(
        id=officer.id,
        sign_in_name=officer.sign_in_name,
        name=officer.name,
        made_at=officer.made_at,
        left_at=officer.left_at,
        activated=officer.password_set_at is not None,
        second_factor=confirmed if officer.second_factor else "NOT_ASKED",
        postings=_posting_lines(officer.lasting),  # type: ignore[attr-defined]  # prefetched
    )


def _posting_lines(rows: Iterable[Posting]) -> tuple[PostingLine, ...]:
    return tuple(
        PostingLine(
            row.id, row.role, row.division, row.from_at, row.until_at,
            row.granter, row.ender,  # type: ignore[attr-defined]  # annotated
        )
        for row in rows
    )  # fmt: skip
