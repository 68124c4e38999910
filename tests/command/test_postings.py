"""Granting, changing and ending postings: who may, to whom, over what; and the three administrators who are three."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from lianfang.command.models import Glass, Officer, Posting
from lianfang.command.queries import session_reach
from lianfang.command.roles import ROLES
from lianfang.command.rules import ADMINISTRATORS, GRANTED, Held, is_the_last, of_another_role, too_close
from lianfang.command.services import worker_session
from lianfang.command.services.postings import end_posting, grant_posting, move_posting
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, HAICHENG, XIUYAN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def security(clean: Database) -> Reach:
    return factories.officer("SECURITY_ADMINISTRATOR", ANSHAN, name="安全管理员")


def somebody(name: str = "王值班") -> Officer:
    """An officer without a posting, who has set a password."""
    at = datetime.now(UTC) - DAY
    count = Officer.objects.count()
    return Officer.objects.create(
        sign_in_name=f"somebody{count}", name=name, password="!", made_at=at, password_set_at=at
    )


def signed_up(by: Reach) -> Reach:
    Officer.objects.filter(pk=by.officer_id).update(password_set_at=datetime.now(UTC))
    return by


def of(officer: Reach) -> Posting:
    return Posting.objects.get(officer=officer.officer_id, until_at=None)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def noted() -> list[tuple[str, UUID, str, dict[str, object]]]:
    with reach(worker_session()):
        rows = AuditEntry.objects.order_by("number").values_list("act", "officer_id", "subject", "details")
        return [row for row in rows if row[0].startswith("POSTING")]


def now() -> datetime:
    return datetime.now(UTC)


# --- granting ---


def test_a_posting_is_in_force_at_once_and_is_noted_with_role_and_division(security: Reach) -> None:
    officer = somebody()
    session = factories.session_of(officer)
    assert session.permissions == frozenset()
    made = grant_posting(by=security, officer_id=officer.id, role="COUNTY_DESK", division=HAICHENG, at=now())
    found = session_reach(session.session)
    assert found is not None
    assert found.roles == ("COUNTY_DESK",)
    assert found.spans == (span(HAICHENG),)
    assert made.granted_by == security.officer_id
    details = {"role": "COUNTY_DESK", "division": HAICHENG, "posting": str(made.id)}
    assert noted() == [("POSTING_GRANTED", security.officer_id, f"OFFICER {officer.id}", details)]


def test_a_posting_with_an_end_ends_by_itself(security: Reach) -> None:
    officer = somebody()
    session = factories.session_of(officer)
    made = grant_posting(
        by=security, officer_id=officer.id, role="COUNTY_DESK", division=HAICHENG, until=now() + DAY, at=now()
    )
    assert session_reach(session.session).roles == ("COUNTY_DESK",)  # type: ignore[union-attr]
    Posting.objects.filter(pk=made.pk).update(from_at=now() - DAY, until_at=now() - timedelta(seconds=1))
    found = session_reach(session.session)
    assert found is not None
    assert (found.roles, found.spans, found.permissions) == ((), (), frozenset())
    # A new role may follow at once.
    grant_posting(by=security, officer_id=officer.id, role="WALL", division=HAICHENG, at=now())


@pytest.mark.parametrize(
    ("role", "division", "until", "code"),
    [
        ("WORKER", HAICHENG, None, "ROLE_UNKNOWN"),
        ("EMPEROR", HAICHENG, None, "ROLE_UNKNOWN"),
        ("", HAICHENG, None, "ROLE_UNKNOWN"),
        ("COUNTY_DESK", "420100", None, "OUT_OF_REACH"),
        ("COUNTY_DESK", "210000", None, "OUT_OF_REACH"),  # the province lies above the city
        ("COUNTY_DESK", "999999", None, "DIVISION_UNKNOWN"),
        ("COUNTY_DESK", "' OR true", None, "DIVISION_UNKNOWN"),
        ("COUNTY_DESK", "", None, "DIVISION_UNKNOWN"),
        ("COUNTY_DESK", HAICHENG, -DAY, "UNTIL_PAST"),
        ("COUNTY_DESK", HAICHENG, timedelta(0), "UNTIL_PAST"),
    ],
)
def test_what_is_not_granted(
    security: Reach, role: str, division: str, until: timedelta | None, code: str
) -> None:
    officer, at = somebody(), now()
    last = at + until if until is not None else None
    assert (
        refused(
            lambda: grant_posting(
                by=security, officer_id=officer.id, role=role, division=division, until=last, at=at
            )
        )
        == code
    )
    assert not officer.postings.exists()
    assert noted() == []


def test_nobody_grants_to_himself_ends_his_own_or_acts_without_the_permission(security: Reach) -> None:
    other = factories.officer("SECURITY_ADMINISTRATOR", ANSHAN)
    signed_up(other)
    assert refused(lambda: _grant(security, security.officer_id)) == "NOT_ONESELF"
    assert refused(lambda: end_posting(by=security, id=of(security).id, at=now())) == "NOT_ONESELF"
    for role in set(GRANTED) - {"SECURITY_ADMINISTRATOR"}:
        by = factories.officer(role, ANSHAN)
        assert refused(lambda by=by: _grant(by, somebody().id)) == "NOT_PERMITTED"
        assert refused(lambda by=by: end_posting(by=by, id=of(other).id, at=now())) == "NOT_PERMITTED"


def _grant(by: Reach, officer_id: UUID, role: str = "COUNTY_DESK", division: str = HAICHENG) -> Posting:
    return grant_posting(by=by, officer_id=officer_id, role=role, division=division, at=now())


@pytest.mark.parametrize("role", sorted(set(GRANTED) - {"COUNTY_DESK"}))
def test_one_role_at_a_time_is_a_sentence_and_no_accident(security: Reach, role: str) -> None:
    officer = somebody()
    _grant(security, officer.id)
    assert refused(lambda: _grant(security, officer.id, role, ANSHAN)) == "ONE_ROLE"
    # The same role over one more place is no second role; over the same place it is nothing new.
    _grant(security, officer.id, "COUNTY_DESK", XIUYAN)
    assert refused(lambda: _grant(security, officer.id, "COUNTY_DESK", "210381101")) == "ALREADY_POSTED"
    assert officer.postings.count() == 2


def test_what_two_grant_at_once_is_refused_in_words_as_well(security: Reach) -> None:
    """The database's own constraint stands behind the rule: both asked before either wrote."""
    officer = somebody()
    answers: list[str] = []

    def another(role: str) -> None:
        try:
            _grant(security, officer.id, role)
            answers.append("GRANTED")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    both = [threading.Thread(target=another, args=[role]) for role in ("COUNTY_DESK", "TOWNSHIP_DESK")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) in (["GRANTED", "ONE_ROLE"], ["CHANGED_MEANWHILE", "GRANTED"])
    assert officer.postings.count() == 1


def test_officers_beyond_reach_left_or_of_the_machine_cannot_be_found(clean: Database) -> None:
    county = factories.officer("SECURITY_ADMINISTRATOR", HAICHENG)
    next_county = factories.officer("COUNTY_DESK", XIUYAN)
    city = factories.officer("HEADQUARTERS", ANSHAN)
    gone = somebody()
    Officer.objects.filter(pk=gone.pk).update(left_at=now())
    for officer_id in (
        next_county.officer_id,
        city.officer_id,
        gone.id,
        worker_session().officer_id,
        uuid4(),
    ):
        assert refused(lambda who=officer_id: _grant(county, who)) == "OFFICER_UNKNOWN"
    for posting in (of(next_county), of(city), Posting.objects.get(role="WORKER")):
        assert refused(lambda one=posting: end_posting(by=county, id=one.id, at=now())) == "POSTING_UNKNOWN"
    assert refused(lambda: end_posting(by=county, id=uuid4(), at=now())) == "POSTING_UNKNOWN"


# --- ending and changing ---


def test_an_ended_posting_permits_nothing_from_the_next_question_on(security: Reach) -> None:
    officer = factories.officer("COUNTY_DESK", HAICHENG)
    Glass.objects.create(
        officer_id=officer.officer_id, division=XIUYAN, lo=span(XIUYAN)[0], hi=span(XIUYAN)[1], reason="协查",
        broken_at=now() - HOUR, ends_at=now() + HOUR,
    )  # fmt: skip
    ended = end_posting(by=security, id=of(officer).id, at=now())
    found = session_reach(officer.session)
    assert found is not None
    assert (found.roles, found.readable, found.permissions) == ((), (), frozenset())
    assert (ended.ended_by, ended.until_at is not None) == (security.officer_id, True)
    assert [act for act, *_ in noted()] == ["POSTING_ENDED"]
    assert refused(lambda: end_posting(by=security, id=ended.id, at=now())) == "POSTING_UNKNOWN"


def test_moving_ends_and_grants_both_or_neither(security: Reach) -> None:
    officer = factories.officer("COUNTY_DESK", HAICHENG)
    first = of(officer)
    outside = {"role": "TOWNSHIP_DESK", "division": "420100"}
    assert refused(lambda: move_posting(by=security, id=first.id, at=now(), **outside)) == "OUT_OF_REACH"
    assert of(officer) == first
    assert noted() == []
    move_posting(by=security, id=first.id, role="TOWNSHIP_DESK", division="210381101", at=now())
    found = session_reach(officer.session)
    assert found is not None
    assert (found.roles, found.spans) == (("TOWNSHIP_DESK",), (span("210381101"),))
    assert [act for act, *_ in noted()] == ["POSTING_ENDED", "POSTING_GRANTED"]


# --- the three administrators ---


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("before", sorted(ADMINISTRATORS))
def test_nobody_goes_from_one_of_the_three_offices_to_another_within_a_day(
    security: Reach, before: str, role: str
) -> None:
    officer = somebody()
    Posting.objects.create(
        officer=officer, role=before, division=ANSHAN, lo=span(ANSHAN)[0], hi=span(ANSHAN)[1],
        from_at=now() - 3 * DAY, until_at=now() - 23 * HOUR,
    )  # fmt: skip
    if before == role:
        _grant(security, officer.id, role, HAICHENG)
    else:
        assert refused(lambda: _grant(security, officer.id, role, HAICHENG)) == "THREE_PEOPLE"
        _grant(security, officer.id, "COUNTY_DESK", HAICHENG)
        Posting.objects.filter(officer=officer, role=before).update(until_at=now() - 24 * HOUR)
        move_posting(
            by=security,
            id=officer.postings.get(role="COUNTY_DESK").id,
            role=role,
            division=HAICHENG,
            at=now(),
        )


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_last_of_an_office_stays_until_a_successor_is_there_for_good(clean: Database, role: str) -> None:
    by = factories.officer("SECURITY_ADMINISTRATOR", "210000")
    last = factories.officer(role, ANSHAN)
    if role == "SECURITY_ADMINISTRATOR":
        Posting.objects.filter(officer=by.officer_id).update(until_at=now() + DAY)  # stands in for a day

    def end() -> object:
        return end_posting(by=by, id=of(last).id, at=now())

    assert refused(end) == "LAST_ADMINISTRATOR"
    factories.officer(role, HAICHENG)  # over a part of it
    assert refused(end) == "LAST_ADMINISTRATOR"
    stand_in = signed_up(factories.officer(role, ANSHAN))
    Posting.objects.filter(officer=stand_in.officer_id).update(until_at=now() + DAY)
    assert refused(end) == "LAST_ADMINISTRATOR"
    successor = factories.officer(role, ANSHAN)  # who has not signed up
    assert refused(end) == "LAST_ADMINISTRATOR"
    signed_up(successor)
    Officer.objects.filter(pk=successor.officer_id).update(left_at=now())
    assert refused(end) == "LAST_ADMINISTRATOR"
    Officer.objects.filter(pk=successor.officer_id).update(left_at=None)
    end()


def test_two_administrators_cannot_end_one_another_at_once(clean: Database) -> None:
    two = [signed_up(factories.officer("SECURITY_ADMINISTRATOR", ANSHAN)) for _ in range(2)]
    postings = [of(one).id for one in two]
    answers: list[str] = []

    def end(by: Reach, id: UUID) -> None:
        try:
            end_posting(by=by, id=id, at=now())
            answers.append("ENDED")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    both = [threading.Thread(target=end, args=args) for args in zip(two, reversed(postings), strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) == ["ENDED", "LAST_ADMINISTRATOR"]


# --- the rules alone ---


def test_every_role_but_the_workers_is_granted() -> None:
    assert set(GRANTED) == set(ROLES) - {"WORKER"}


AT = datetime(2020, 2, 13, tzinfo=UTC)


def held(role: str, until: timedelta | None, *, who: int = 1) -> Held:
    return Held(UUID(int=who), role, 0, 9, AT - DAY, AT + until if until is not None else None)


@pytest.mark.parametrize(
    ("role", "until", "other", "close"),
    [
        ("WALL", None, True, False),
        ("WALL", HOUR, True, False),
        ("WALL", timedelta(0), False, False),
        ("AUDITOR", None, False, False),  # the same role
        ("ADMINISTRATOR", None, True, True),
        ("ADMINISTRATOR", timedelta(0), False, True),
        ("ADMINISTRATOR", -23 * HOUR, False, True),
        ("ADMINISTRATOR", -24 * HOUR, False, False),
    ],
)
def test_what_stands_in_the_way_of_an_auditor(
    role: str, until: timedelta | None, other: bool, close: bool
) -> None:
    before = held(role, until)
    assert (of_another_role("AUDITOR", [before], at=AT) is before) is other
    assert (too_close("AUDITOR", [before], at=AT) is before) is close
    assert too_close("WALL", [before], at=AT) is None


def test_an_office_of_the_three_is_missed_and_others_are_not() -> None:
    assert is_the_last(held("AUDITOR", None), [])
    assert is_the_last(held("AUDITOR", None), [held("AUDITOR", None)])  # the same officer twice
    assert is_the_last(held("AUDITOR", None), [held("ADMINISTRATOR", None, who=2)])
    assert not is_the_last(held("AUDITOR", None), [held("AUDITOR", None, who=2)])
    assert not is_the_last(held("HEADQUARTERS", None), [])
