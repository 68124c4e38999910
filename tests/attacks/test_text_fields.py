"""Whatever is typed into whichever field of whichever page: nothing breaks, nothing runs, nothing comes back raw.

The fields are found on the pages themselves, so that a new one is attacked the day it is made.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.html import escape

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.command.models import Officer, SignInFailures
from lianfang.command.services import appoint, make_activation_link
from tests import factories
from tests.attacks.conftest import street
from tests.attacks.pages import Form, Page, Town, asked, content, is_a_page, parameters, route_of
from tests.doors.desk import City

RAW = ("<script>alert", "<img src=x", "<i x>", "私49密")
SHORT = "私{{7*7}}密<i x>'\"%s"
STRINGS = {
    "markup and statements": "私{{7*7}}密<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{% debug %}%(x)s' OR '1'='1'; "
    "DROP TABLE passage; --",
    "a short one that fits anywhere": SHORT,
    "a digit that is no digit": "²",
    "a huge number": "9" * 30,
    "the last day of calendars": "9999-12-31",
    "a book with line ends": "长\r\nSet-Cookie: x=1\r\n" * 1_000,
    "a NUL": "a\0b",
}
QUESTIONS = (*list(STRINGS.values())[1:], "0001-01-01", "-1")


# Forms that no walk comes by, since their page stands between two steps or shows itself to whoever has something to
# do there: their fields, attacked one by one below.
APART = {
    "activate/<str:token>": ("password", "again"),
    "sign-in/code": ("code",),
    "sign-in/second-factor": ("code", "secret"),
    "desk/account/sessions/revoke": ("ref",),
    "desk/areas/begin": (),
    "desk/duty/handovers/<uuid:duty_handover_id>/accept": ("slot", "item"),
    "desk/duty/slots/<uuid:slot_id>/hand-over": ("note", "item"),
    "desk/duty/slots/<uuid:slot_id>/replace": ("person",),
    "desk/duty/slots/<uuid:slot_id>/sign-in": (),
    "desk/glass/<uuid:glass_id>/close": ("next",),
    "desk/grid-workers/<uuid:phone_id>/revoke": ("phone",),
    "desk/notices/<uuid:notice_id>/read": ("next",),
    "desk/purges/<uuid:purge_id>/refuse": ("reason",),
    "desk/purges/<uuid:purge_id>/sign": ("city",),
    "desk/purges/propose": ("reason", "city"),
    "desk/households/import/rows": ("rows", "as"),
    "desk/people/duplicates/merge": ("kept", "other", "reason"),
    "desk/people/duplicates/part": ("kept", "other", "reason"),
    "desk/referrals/<uuid:referral_id>/letter.docx": ("event",),
    "desk/quarantine/<uuid:order_id>/certificate": (),
    "desk/quarantine/release": ("division",),
    "desk/quarantine/reminders/sheet": ("division",),
    "desk/check-in/pasted/take": ("half", "read", "order-1", "celsius-1"),
    "desk/check-in/thresholds/approve": ("hash",),
    "desk/referrals/<uuid:referral_id>/place": ("destination", "id", "teach"),
    "desk/referrals/places": ("id", "row-0", "to-0", "grid-0"),
    "desk/referrals/sheet": ("id", "division"),
    "desk/referrals/sheet/type-in": ("number", "time", "kind-1", "note-1", "to-1"),
    "desk/responsibility/import/refused.xlsx": ("list", "rows", "as"),
    "desk/rescreenings/<uuid:rescreening_id>/approve": ("reason",),
    "desk/rescreenings/<uuid:rescreening_id>/people.xlsx": ("purpose", "township"),
    "desk/rescreenings/<uuid:rescreening_id>/propose": ("reason",),
    "desk/rescreenings/<uuid:rescreening_id>/stop": ("answer",),
    "desk/rules/drafts/<uuid:draft_id>/approve": ("seen",),
    "desk/rules/drafts/<uuid:draft_id>/back": ("revision",),
    "desk/rules/drafts/<uuid:draft_id>/refuse": ("answer",),
    "desk/rules/end": ("reason",),
    "desk/rules/renew": ("days", "reason"),
    "desk/subjects/deletion": ("number", "name", "reason"),
    "desk/subjects/export": ("number", "name", "format"),
    "desk/turn-backs/<uuid:person_id>/decide": ("verdict", "reason"),
    "desk/turn-backs/close": (),
}


def wrong(response: HttpResponse) -> str:
    """What is wrong with the answer, if anything."""
    if response.status_code >= 500:
        return f"answers {response.status_code}"
    if "Set-Cookie: x" in str(response.headers):
        return "a header was made of what was typed"
    page = content(response) if is_a_page(response) else ""
    return next((f"shows {mark} raw" for mark in RAW if mark in page), "")


def forgiven() -> None:
    SignInFailures.objects.all().delete()


def attacked(
    town: Town, forms: list[tuple[str, Form]], text: str
) -> Iterator[tuple[Form, str, HttpResponse]]:
    """Each field of each form in turn, the others as a browser would send them."""
    for role, form in forms:
        for name in form.typed:
            forgiven()
            try:
                yield form, name, form.send(town.clients[role], **{name: text})
            except Exception as error:  # the test client hands on what would have been a 500
                raise AssertionError(f"{form.route} breaks on {name}: {text[:30]}") from error


def hostile_people(city: City) -> str:
    """A passage that a phone sent in which every text is hostile, and a phone called so; the passage's address."""
    factories.device("GATE", name=SHORT)
    person = city.generated.person(
        name=SHORT, occupation=SHORT, destination={"code": "210381101", "address": SHORT}
    )
    texts = dict.fromkeys(("plate", "vehicle_note", "officer", "lane", "purpose"), SHORT)
    passage = city.register(people=[person], **texts)
    return f"/desk/passages/{passage['id']}"


def test_no_field_of_any_form_breaks_runs_or_shows_it_raw(town: Town, city: City) -> None:
    """And what was kept of it is shown as it was typed, on every page, afterwards."""
    town.begin.insert(0, ("HEADQUARTERS", hostile_people(city)))
    there = Officer.objects.count(), Device.objects.count()
    pages = list(town.walk())
    forms = town.forms(pages)
    takes_all_forms(town, forms)
    questions_break_nothing(town, pages, forms)
    for named, text in STRINGS.items():
        answers = list(attacked(town, forms, text))
        assert len(answers) > 60
        assert [(form.route, name, why) for form, name, answer in answers if (why := wrong(answer))] == []
        if named == "a NUL":
            assert [(form.route, name) for form, name, answer in answers if answer.status_code != 400] == []
    # Nothing is gone; who was appointed under a hostile name is an officer of that name.
    assert Officer.objects.count() >= there[0]
    assert Device.objects.count() == there[1]
    assert Checkpoint.objects.filter(code="GATE").exists()
    after = list(town.walk())
    assert [(page.address, why) for page in after if (why := wrong(page.response))] == []
    assert len([page for page in after if escape(SHORT) in page.text]) > 3


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_the_forms_between_two_steps_break_nothing_either(town: Town, city: City, text: str) -> None:
    """The code's field is shown to whoever gave a password a moment ago; the others as their officers send them."""
    at = datetime.now(UTC)
    made = appoint(sign_in_name="kaoyan", name="考验某", password="a long enough password", at=at)
    live = town.live | {"token": make_activation_link(officer=made, by=None, at=at)}
    given = {
        "kind": "EVERYTHING",
        "reason": "疫情结束",
        "city": "海城市",
        "number": "210381195001011232",
        "password": "x" * 12,
    }
    for pattern, _, role in street(live):
        route = pattern.pattern._route
        for name in APART.get(route, ()):
            SignInFailures.objects.all().delete()
            client = town.clients[role]
            address = reverse(str(pattern.name), kwargs={n: live[n] for n in pattern.pattern.converters})
            try:
                assert wrong(client.post(address, given | {name: text})) == "", (route, name)
            except ValueError as error:  # a header that cannot be made
                raise AssertionError((route, name)) from error


def takes_all_forms(town: Town, forms: list[tuple[str, Form]]) -> None:
    """An address that takes a POST and shows no form anywhere would have slipped through."""
    found = {form.route for _, form in forms if form.method == "post"}
    takes = {
        pattern.pattern._route
        for pattern, address, role in street(town.live)
        if "POST" in town.clients[role].options(address).get("Allow", "") and not address.startswith("/api/")
    }
    assert len(takes) > 15
    assert sorted(takes - found - set(APART)) == []
    assert set(APART) <= takes - found


def questions_break_nothing(town: Town, pages: list[Page], forms: list[tuple[str, Form]]) -> None:
    """Each parameter that any link or form of the city carries, with each hostile text, at the page it belongs to."""
    known = parameters(page.address for page in pages)
    for _, form in forms:
        if form.method == "get":
            known[form.route] |= form.filled()
    opened = {pattern.pattern._route: (address, role) for pattern, address, role in street(town.live)}
    breaks = []
    for route, name, text in ((r, n, t) for r, query in known.items() for n in query for t in QUESTIONS):
        address, role = opened[route]
        try:
            answer = asked(town.clients[role], "get", f"{address}?{urlencode(known[route] | {name: text})}")
        except Exception as error:
            breaks.append((route, name, text[:20], repr(error)))
        else:
            breaks += [(route, name, text[:20], why)] if (why := wrong(answer)) else []
    assert len(known) > 10
    assert breaks == []


def test_no_part_of_an_address_breaks_a_page(town: Town) -> None:
    """In the place of a checkpoint's code, a token, a finding, a file."""
    breaks = []
    for pattern, _, role in street(town.live):
        live = {name: town.live[name] for name in pattern.pattern.converters}
        texts = [n for n, kind in pattern.pattern.converters.items() if type(kind).__name__ in _TEXTS]
        tried = [(name, text.replace("/", "")[:2_000]) for name in texts for text in STRINGS.values()]
        tried += [(name, "9" * 30) for name in pattern.pattern.converters]
        for name, text in tried:
            try:
                address = "/" + get_resolver().reverse(str(pattern.name), **(live | {name: text}))
                answer = asked(town.clients[role], "get", address)
            except NoReverseMatch:
                continue
            except Exception as error:
                breaks.append((pattern.name, text[:20], repr(error)))
                continue
            why = wrong(answer)
            if not why and answer.status_code == 200 and route_of(address) not in _TAKES_ANYTHING:
                why = "opens"
            breaks += [(pattern.name, text[:20], why)] if why else []
    assert breaks == []


_TEXTS = ("StringConverter", "PathConverter")
# A set-up link is looked up when its form is sent; an answer about arrivals is a piece of a page, empty for no checkpoint.
_TAKES_ANYTHING = {"set-up/<str:token>", "desk/devices/arrived/<str:checkpoint>"}
