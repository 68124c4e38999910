"""The system administrator's acts: appointing, another link, leaving; on others, within reach, and never alone on the others of the three."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import is_password_usable

from lianfang.command.models import ActivationLink, Officer, Posting
from lianfang.command.queries import count_officers, officer_file, officer_page, session_reach
from lianfang.command.queries.officers import first_posted
from lianfang.command.roles import ROLES
from lianfang.command.services import worker_session
from lianfang.command.services.activation import activate
from lianfang.command.services.appointing import appoint_officer, let_leave, renew_activation
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, HAICHENG, XIUYAN

GOOD = "Abc-12345-long"


@pytest.fixture
def system(clean: Database) -> Reach:
    return factories.officer("ADMINISTRATOR", ANSHAN, name="系统管理员")


def now() -> datetime:
    return datetime.now(UTC)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def acts_on(officer_id: UUID) -> list[str]:
    with reach(worker_session()):
        rows = AuditEntry.objects.filter(subject=f"OFFICER {officer_id}").order_by("number")
        return list(rows.values_list("act", flat=True))


def appointed(by: Reach, sign_in_name: str = "wangfang", name: str = "王芳") -> tuple[Officer, str]:
    return appoint_officer(by=by, sign_in_name=sign_in_name, name=name, at=now())


# --- appointing ---


def test_an_appointed_officer_has_a_link_no_password_and_sees_nothing(system: Reach) -> None:
    officer, token = appointed(system)
    made = Officer.objects.get(pk=officer.pk)
    assert (made.sign_in_name, made.name, made.password_set_at) == ("wangfang", "王芳", None)
    assert not is_password_usable(made.password)
    assert ActivationLink.objects.get(officer=made).made_by == system.officer_id
    assert acts_on(made.id) == ["OFFICER_APPOINTED", "ACTIVATION_SENT"]
    assert activate(token=token, password=GOOD, at=now()).id == made.id
    session = factories.session_of(made)
    assert (session.permissions, session.spans) == (frozenset(), ())


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        " ",
        "a",
        "Wang",
        "王芳",
        "wang fang",
        "wangfang ",
        "-wang",
        ".wang",
        "system:work",
        "a" * 41,
        "wáng",
        "а" * 5,
        "x\n",
    ],
)
def test_a_sign_in_name_is_small_letters_and_digits(system: Reach, wrong: str) -> None:
    """Names that look alike, or one with a blank at its end, would be two accounts that people take for one."""
    assert refused(lambda: appointed(system, wrong)) == "SIGN_IN_NAME_FORM"
    assert not Officer.objects.filter(name="王芳").exists()


def test_names_are_needed_and_taken_once(system: Reach) -> None:
    for empty in ("", "  ", "\u200b", "\u202e"):
        assert refused(lambda name=empty: appointed(system, name=name)) == "NAME_MISSING"
    officer, _ = appointed(system)
    assert refused(lambda: appointed(system)) == "NAME_TAKEN"
    let_leave(by=system, officer_id=officer.id, at=now())
    assert refused(lambda: appointed(system)) == "NAME_TAKEN"  # the log's names stay those of one person


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"ADMINISTRATOR", "WORKER"}))
def test_no_other_role_appoints_resets_or_lets_leave(clean: Database, role: str) -> None:
    by, other = factories.officer(role, ANSHAN), factories.officer("WALL", ANSHAN)
    assert refused(lambda: appointed(by)) == "NOT_PERMITTED"
    assert refused(lambda: renew_activation(by=by, officer_id=other.officer_id, at=now())) == "NOT_PERMITTED"
    assert refused(lambda: let_leave(by=by, officer_id=other.officer_id, at=now())) == "NOT_PERMITTED"


# --- another link ---


def test_another_link_ends_sessions_password_second_factor_and_the_link_before(system: Reach) -> None:
    officer, first = appointed(system)
    activate(token=first, password=GOOD, at=now())
    Officer.objects.filter(pk=officer.pk).update(totp=b"sealed", totp_confirmed_at=now())
    desk, script = factories.session_of(officer), factories.session_of(officer, kind="TOKEN")
    _, second = renew_activation(by=system, officer_id=officer.id, at=now())
    _, third = renew_activation(by=system, officer_id=officer.id, at=now())
    assert session_reach(desk.session) is None
    assert session_reach(script.session) is None
    renewed = Officer.objects.get(pk=officer.pk)
    assert not is_password_usable(renewed.password)
    assert (renewed.totp, renewed.totp_confirmed_at, renewed.password_set_at) == (None, None, None)
    for used in (first, second):
        with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever the other room says of a link that ended
            activate(token=used, password=GOOD, at=now())
    activate(token=third, password=GOOD, at=now())


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_system_administrator_alone_resets_no_account_of_the_other_two_offices(
    system: Reach, role: str
) -> None:
    """With a link of his own he would be the security administrator: two of the three would be one person."""
    if role == "WORKER":
        return
    officer = factories.officer(role, HAICHENG)

    def renew() -> object:
        return renew_activation(by=system, officer_id=officer.officer_id, at=now())

    renew()  # who never signed up has nothing that could be taken over
    Officer.objects.filter(pk=officer.officer_id).update(password_set_at=now())
    if role in ("SECURITY_ADMINISTRATOR", "AUDITOR"):
        assert refused(renew) == "TWO_PEOPLE"
        Posting.objects.filter(officer=officer.officer_id).update(until_at=now())
    renew()


def test_nobody_resets_or_lets_leave_himself_or_who_is_beyond_reach(clean: Database) -> None:
    county = factories.officer("ADMINISTRATOR", HAICHENG)
    strangers = [
        factories.officer("COUNTY_DESK", XIUYAN).officer_id,
        factories.officer("HEADQUARTERS", ANSHAN).officer_id,  # whose link would open the whole city
        worker_session().officer_id,
        uuid4(),
    ]
    for act in (renew_activation, let_leave):
        assert (
            refused(lambda act=act: act(by=county, officer_id=county.officer_id, at=now())) == "NOT_ONESELF"
        )
        for who in strangers:
            code = refused(lambda act=act, who=who: act(by=county, officer_id=who, at=now()))
            assert code == "OFFICER_UNKNOWN"
    assert not ActivationLink.objects.exists()


# --- leaving ---


def test_who_left_sees_nothing_signs_in_no_more_and_no_link_opens_the_account(system: Reach) -> None:
    officer = factories.officer("COUNTY_DESK", HAICHENG)
    made = Officer.objects.get(pk=officer.officer_id)
    script = factories.session_of(made, kind="TOKEN")
    _, link = renew_activation(by=system, officer_id=made.id, at=now())
    desk = factories.session_of(made)
    let_leave(by=system, officer_id=made.id, at=now())
    for one in (officer, script, desk):
        assert session_reach(one.session) is None
    assert not Posting.objects.filter(officer=made, until_at=None).exists()
    with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever the other room says of a link that ended
        activate(token=link, password=GOOD, at=now())
    assert acts_on(made.id)[-2:] == ["POSTING_ENDED", "OFFICER_LEFT"]
    assert refused(lambda: let_leave(by=system, officer_id=made.id, at=now())) == "OFFICER_UNKNOWN"


def test_the_last_of_an_office_does_not_leave(system: Reach) -> None:
    auditor = factories.officer("AUDITOR", ANSHAN)

    def leave() -> object:
        return let_leave(by=system, officer_id=auditor.officer_id, at=now())

    assert refused(leave) == "LAST_ADMINISTRATOR"
    found = session_reach(auditor.session)
    assert found is not None
    assert found.roles == ("AUDITOR",)
    successor = factories.officer("AUDITOR", ANSHAN)
    Officer.objects.filter(pk=successor.officer_id).update(password_set_at=now())
    leave()


# --- the list ---


def test_the_list_shows_who_lies_within_reach_and_who_holds_nothing(clean: Database) -> None:
    county = factories.officer("ADMINISTRATOR", HAICHENG, name="海城系统管理员")
    factories.officer("COUNTY_DESK", HAICHENG, name="海城值班员")
    factories.officer("COUNTY_DESK", XIUYAN, name="岫岩值班员")
    moved = factories.officer("COUNTY_DESK", XIUYAN, name="待岗")
    Posting.objects.filter(officer=moved.officer_id).update(until_at=now())
    page = officer_page(county, at=now())
    assert {line.name for line in page.lines} == {"海城系统管理员", "海城值班员", "待岗"}
    assert count_officers(county, at=now()) == (3, 1)
    # What he was posted to in the next county is not told.
    security = factories.officer("SECURITY_ADMINISTRATOR", HAICHENG)
    file = officer_file(security, moved.officer_id, at=now())
    assert file is not None
    assert (file.line.postings, file.ended) == ((), ())


def test_the_list_is_searched_by_a_part_of_a_name_and_turned_page_by_page(
    system: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianfang.command.queries.officers.OFFICERS_A_PAGE", 2)
    for number in range(3):
        appointed(system, f"wang{number}", f"王芳{number}")
    first = officer_page(system, name="王芳", at=now())
    assert [line.sign_in_name for line in first.lines] == ["wang2", "wang1"]
    second = officer_page(system, name="王芳", before=first.next_before, at=now())
    assert ([line.sign_in_name for line in second.lines], second.next_before) == (["wang0"], None)
    assert [line.name for line in officer_page(system, name="WANG1", at=now()).lines] == ["王芳1"]
    for nobody in ("%", "_", "'", "\\"):
        assert officer_page(system, name=nobody, at=now()).lines == ()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "WORKER"}))
def test_no_other_role_reads_the_list(clean: Database, role: str) -> None:
    by = factories.officer(role, ANSHAN)
    assert refused(lambda: officer_page(by, at=now())) == "NOT_PERMITTED"
    assert refused(lambda: count_officers(by, at=now())) == "NOT_PERMITTED"
    assert refused(lambda: officer_file(by, by.officer_id, at=now())) == "NOT_PERMITTED"


def test_the_server_names_a_duty_officer_who_is_in_post(clean: Database) -> None:
    assert first_posted("HEADQUARTERS") is None
    before = factories.officer("HEADQUARTERS", ANSHAN)
    today = factories.officer("HEADQUARTERS", ANSHAN)
    Posting.objects.filter(officer=before.officer_id).update(until_at=now() - timedelta(milliseconds=1))
    assert first_posted("HEADQUARTERS") == Officer.objects.get(pk=today.officer_id).sign_in_name
