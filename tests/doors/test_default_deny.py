"""Every address of the site, for everybody: nothing is open that does not say so, and each role sees its own."""

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from lianfang.command.roles import ROLES, Permission
from lianfang.doors.guard import SIGNED_IN
from lianfang.doors.roles import ASK_FOR_MORE
from tests import factories
from tests.doors.desk import City, at_desk, text

# Who may open these: anybody. A new one is added here by somebody who thought about it.
PUBLIC = {
    "home",
    "start",
    "start-check",
    "authority-crt",
    "authority-profile",
    "privacy",
    "healthz",
    "set-language",
    "phone",
    "phone-file",
    "sign-in",
    "sign-in-code",  # these two know who gave the password a moment ago, and nobody else
    "sign-in-factor",
    "sign-out",
    "set-up",
    "activate",
    "places-found",
    "open-wall",
    "openapi",
    "api-enrolments",
    "api-device",
    "api-device-state",
    "api-divisions",
    "api-rules",
    "declare",  # the traveller's page and its doors: counts, keys, and what travellers seal themselves
    "api-declaring",
    "api-declarations",
    "api-rosters",
    "api-roster",
    "api-device-declaration",  # a device's token, as at api-device
    "api-device-roster",
    "check-in",  # a household's page shows nothing by itself: its link fills it (doors/check_in.py)
    "check-in-bare",
    "grid",  # the grid worker's page shows nothing by itself; its doors want a code, or a token and a PIN
    "grid-bare",
    "grid-file",
    "api-roster-enrolments",
    "api-grid-roster",
    "api-grid-doors",
    "api-grid-households",
    "api-grid-observed",
    "api-grid-answers",
    "village-page",  # a village's poster leads there; it shows nothing without the poster's token
    "wall-outlines",  # public facts
}
SAMPLES = {
    "part": "sw.js",
    "passage_id": UUID("01a20000-0000-7000-8000-000000000001"),
    "person_id": UUID("01a20000-0000-7000-8000-000000000002"),
    "device_id": UUID("01a20000-0000-7000-8000-000000000003"),
    "display_id": UUID("01a20000-0000-7000-8000-000000000004"),
    "token": "setup_x",
    "task_id": UUID("01a20000-0000-7000-8000-000000000004"),
    "finding": "BAD_CHECKSUM",
    "checkpoint": "GATE",
    "short_code": "000000",
    "code": "ABCDEF",
    "pad": 12,
    "row": 37,
    "handover_id": UUID("01a20000-0000-7000-8000-000000000005"),
    "purge_id": UUID("01a20000-0000-7000-8000-000000000009"),
    "rescreening_id": UUID("01a20000-0000-7000-8000-00000000000a"),
    "referral_id": UUID("01a20000-0000-7000-8000-00000000000b"),
    "event_id": UUID("01a20000-0000-7000-8000-00000000000c"),
    "alias_id": 12,
    "robot_id": UUID("01a20000-0000-7000-8000-000000000014"),
    "waiting_id": UUID("01a20000-0000-7000-8000-00000000000d"),
    "glass_id": UUID("01a20000-0000-7000-8000-000000000006"),
    "notice_id": UUID("01a20000-0000-7000-8000-000000000007"),
    "place_notice_id": UUID("01a20000-0000-7000-8000-000000000014"),
    "phone_id": UUID("01a20000-0000-7000-8000-000000000008"),
    "draft_id": UUID("01a20000-0000-7000-8000-00000000000a"),
    "content_hash": "0123456789abcdef",
    "other_hash": "fedcba9876543210",
    "path": "index.html",
    "registration_id": UUID("01a20000-0000-7000-8000-00000000000a"),
    "household_id": UUID("01a20000-0000-7000-8000-00000000000b"),
    "file_id": UUID("01a20000-0000-7000-8000-00000000000d"),
    "merge_id": UUID("01a20000-0000-7000-8000-00000000000c"),
    "other_id": UUID("01a20000-0000-7000-8000-00000000000e"),
    "join_id": UUID("01a20000-0000-7000-8000-00000000000f"),
    "officer_id": UUID("01a20000-0000-7000-8000-000000000006"),
    "posting_id": UUID("01a20000-0000-7000-8000-000000000007"),
    "division": "210381",
    "responsible_id": UUID("01a20000-0000-7000-8000-000000000011"),
    "staff_id": UUID("01a20000-0000-7000-8000-000000000012"),
    "overlay_id": UUID("01a20000-0000-7000-8000-000000000013"),
    "slot_id": UUID("01a20000-0000-7000-8000-00000000000b"),
    "swap_id": UUID("01a20000-0000-7000-8000-00000000000c"),
    "duty_handover_id": UUID("01a20000-0000-7000-8000-00000000000d"),
    "village_id": UUID("01a20000-0000-7000-8000-000000000014"),
    "membership_id": UUID("01a20000-0000-7000-8000-00000000000e"),
    "order_id": UUID("01a20000-0000-7000-8000-000000000014"),
    "follow_up_id": UUID("01a20000-0000-7000-8000-000000000028"),
    "facility_id": UUID("01a20000-0000-7000-8000-000000000010"),
}
DESK_ROLES = sorted(set(ROLES) - {"WORKER"})


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        else:
            yield pattern


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: SAMPLES[name] for name in wanted})


EVERY = [pytest.param(pattern, id=str(pattern.name)) for pattern in addresses()]
CLOSED = [pytest.param(p, id=str(p.name)) for p in addresses() if p.name not in PUBLIC]


@pytest.mark.parametrize("pattern", EVERY)
def test_every_address_has_a_name_and_says_who_may_open_it(pattern: URLPattern) -> None:
    assert pattern.name
    access = getattr(pattern.callback, "access", None)
    assert access == "public" if pattern.name in PUBLIC else access in {SIGNED_IN, *Permission}


@pytest.mark.parametrize("pattern", EVERY)
def test_no_address_takes_a_number_or_a_name_of_a_person(pattern: URLPattern) -> None:
    assert set(pattern.pattern.converters) <= set(SAMPLES)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("pattern", CLOSED)
def test_whoever_is_signed_out_is_sent_to_the_sign_in(pattern: URLPattern, method: str) -> None:
    response = getattr(Client(), method)(address(pattern))
    if address(pattern).startswith("/api/"):
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "NOT_SIGNED_IN"
    else:
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("sign-in") + "?next=")
    assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("session", ["", "made-up", "x" * 300, "0" * 64])
def test_a_made_up_session_is_nobody(session: str) -> None:
    assert at_desk(SimpleNamespace(session=session)).get("/desk").status_code == 302  # type: ignore[arg-type]


@pytest.mark.parametrize("role", DESK_ROLES)
def test_each_role_opens_what_it_permits_and_nothing_else(role: str, city: City) -> None:
    client = at_desk(factories.officer(role, factories.HAICHENG))
    for pattern in (p for p in addresses() if p.name not in PUBLIC):
        response = client.get(address(pattern))
        permitted = pattern.callback.access in {SIGNED_IN, *ROLES[role].permissions}
        assert (response.status_code != 403) == permitted, pattern.name
        assert "default-src 'self'" in response["Content-Security-Policy"]
        if not permitted and not address(pattern).startswith("/api/"):
            assert "您的岗位没有这项权限" in text(response)


@pytest.mark.parametrize("role", DESK_ROLES)
def test_each_role_posts_where_it_is_permitted_and_nowhere_else(role: str, city: City) -> None:
    """Empty forms about things that do not exist: what is permitted answers something else than the guard."""
    # Headquarters' rules are the whole city's.
    officer = factories.officer(role, factories.ANSHAN if role == "HEADQUARTERS" else factories.HAICHENG)
    account = factories.Officer.objects.get(pk=officer.officer_id)
    for pattern in (p for p in addresses() if p.name not in PUBLIC):
        # A session for each: one of the pages ends the others.
        response = at_desk(factories.session_of(account)).post(address(pattern))
        held = {SIGNED_IN, *ROLES[role].permissions}
        further = ASK_FOR_MORE.get(str(pattern.name), (pattern.callback.access,))
        permitted = pattern.callback.access in held and not held.isdisjoint(further)
        assert (response.status_code == 403) == (not permitted), pattern.name
        if permitted and "POST" not in pattern.callback.methods:
            assert response.status_code == 405, pattern.name


def test_no_form_is_taken_without_its_token(city: City) -> None:
    """From another site's page a browser would send the cookie along, and nothing else."""
    wrong = []
    for role in DESK_ROLES:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = at_desk(factories.officer(role, factories.HAICHENG)).cookies
        for pattern in (p for p in addresses() if p.name not in PUBLIC and "POST" in p.callback.methods):
            if pattern.callback.access in {SIGNED_IN, *ROLES[role].permissions}:
                response = strict.post(address(pattern))
                if response.status_code != 403 or "您的岗位没有这项权限" in text(response):
                    wrong.append((role, pattern.name, response.status_code))
    assert wrong == []


def test_a_read_only_token_reads_and_changes_nothing(city: City) -> None:
    made = factories.officer("HEADQUARTERS", factories.HAICHENG)
    officer = factories.Officer.objects.get(pk=made.officer_id)
    token = factories.session_of(officer, kind="TOKEN").session
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/board").status_code == 200
    assert client.get("/desk/passages").status_code == 200
    for pattern in (p for p in addresses() if p.name not in PUBLIC and "POST" in p.callback.methods):
        response = client.post(address(pattern), {"kind": "PLATE", "value": "辽C12345"})
        assert response.status_code == 302, pattern.name
        assert response["Location"].startswith(reverse("sign-in")), pattern.name
    # As a cookie it opens no desk.
    assert at_desk(factories.session_of(officer, kind="TOKEN")).get("/desk").status_code == 302


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may see this")


urlpatterns = [
    path("undeclared", undeclared),
    path("api/undeclared", undeclared),
    *get_resolver("lianfang.project.urls").url_patterns,
]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_says_nothing_lets_nobody_in() -> None:
    client = at_desk(factories.officer("HEADQUARTERS", factories.HAICHENG))
    assert client.get("/undeclared").status_code == 403
    assert client.get("/api/undeclared").json()["error"]["code"] == "CLOSED"
