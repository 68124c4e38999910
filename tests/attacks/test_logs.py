"""A traveller's way through the whole house, errors provoked on it, and a log that knows nobody afterwards."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from logging.config import dictConfig
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path

from lianfang.doors.guard import SESSION_COOKIE, public
from lianfang.machine.logs import AddressesUntold, Discreet
from tests import factories
from tests.attacks.pages import PASSWORD
from tests.doors.desk import City, at_desk
from tests.factories import Generated, Json


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that the house's own handler writes, at its most talkative."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(AddressesUntold())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def told_of(passage: Json) -> list[str]:
    """Everything by which somebody in the passage would be known."""
    person = passage["people"][0]
    return [
        person["name"],
        person["document"]["number"],
        person["phone"],
        passage["plate"],
        passage["plate"][1:],
        person["document"]["number"][6:14],
    ]


def broken(*_: Any, **given: Any) -> Any:
    """What a library says that repeats what it was given."""
    person = json.dumps(given, ensure_ascii=False, default=str)
    try:
        int(person)
    except ValueError as error:
        raise RuntimeError(f"cannot work with {person}") from error


def test_a_passage_leaves_no_trace_of_anybody_in_a_log(
    city: City, log: StringIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    passage = city.register()
    officer = factories.officer()
    desk = at_desk(officer)
    desk.raise_request_exception = False
    person = passage["people"][0]
    searches = {"PLATE": passage["plate"], "DOCUMENT": person["document"]["number"], "PHONE": person["phone"]}

    def everywhere() -> list[int]:
        asked = [
            desk.post("/desk/search", {"kind": kind, "value": value}) for kind, value in searches.items()
        ]
        asked += [
            desk.get(f"/desk/passages/{passage['id']}"),
            desk.get("/desk/passages"),
            desk.get("/tables.xlsx"),
        ]
        mending = f"/desk/passages/{passage['id']}/people/{person['id']}/correct?field=name"
        asked += [desk.get(mending), desk.post(mending, {"new": person["name"], "reason": person["phone"]})]
        asked += [Client().post("/sign-in", {"name": person["name"], "password": PASSWORD + person["phone"]})]
        asked += [desk.get(f"/desk/{passage['plate']}"), desk.get(f"/desk/closing/{passage['plate']}")]
        asked += [Client(headers={"Host": "evil", "Cookie": person["phone"]}).get("/desk")]
        return [answer.status_code for answer in asked]

    assert max(everywhere()) < 500
    monkeypatch.setattr("lianfang.checkpoints.queries.search", lambda *a, **k: broken(**k))
    monkeypatch.setattr("lianfang.doors.hq.passages.passage_file", lambda *a: broken(passage=passage))
    monkeypatch.setattr("lianfang.doors.hq.corrections.passage_file", lambda *a: broken(passage=passage))
    assert everywhere().count(500) >= 6
    city.intake.send(city.generated.parcel(passage | {"plate": "辽C99999"}))  # a conflict
    said = log.getvalue() + "".join(capfd.readouterr())
    assert "builtins.RuntimeError" in said
    assert "/desk/passages/<uuid:passage_id>" in said
    secrets = [officer.session, PASSWORD, *told_of(passage)]
    assert [secret for secret in secrets if secret in said] == []


def test_nor_does_the_databases_own_log(city: City) -> None:
    passage = city.register()
    officer = at_desk(factories.officer())
    officer.post("/desk/search", {"kind": "PLATE", "value": passage["plate"]})
    folder = settings.DATA.postgres.resolve()
    logs = [found.read_text(errors="replace") for found in folder.rglob("*.log")]
    assert logs
    logs += [settings.DATA.log.read_text(errors="replace")] if settings.DATA.log.exists() else []
    assert [secret for secret in told_of(passage) for log in logs if secret in log] == []


def test_one_time_links_are_not_logged_when_their_page_breaks(
    city: City, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianfang.doors.hq.signing_set_up.SetUpForm", broken)
    client = Client(raise_request_exception=False)
    assert client.get("/set-up/setup_the-secret-of-the-link").status_code == 500
    assert "the-secret-of-the-link" not in log.getvalue()
    assert "/set-up/<str:token>" in log.getvalue()


def test_an_error_is_told_by_kind_and_place_with_all_that_led_to_it() -> None:
    try:
        broken(name=Generated(3).name())
    except RuntimeError as error:
        told = Discreet().formatException((type(error), error, error.__traceback__))
    assert "builtins.ValueError" in told
    assert told.endswith("builtins.RuntimeError")
    assert "in broken" in told
    assert Generated(3).name() not in told


def test_what_another_handler_wrote_of_an_error_is_not_repeated() -> None:
    record = logging.makeLogRecord({"msg": "x", "exc_text": "ValueError: 王某某"})
    assert "王某某" not in Discreet().format(record)


@public
def shows_an_error(request: Any) -> Any:
    traveller = request.POST.get("name", "")
    raise ValueError(traveller)


urlpatterns = [path("breaks", shows_an_error)]


def test_nothing_mails_errors_or_shows_what_a_request_held(
    city: City, log: StringIO, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.ADMINS = [("somebody", "somebody@example.org")]
    client = Client(raise_request_exception=False)
    client.cookies[SESSION_COOKIE] = "the-cookie-itself"
    answer = client.post("/breaks", {"name": "王某某"})
    assert answer.status_code == 500
    for said in (answer.content.decode(), log.getvalue(), *map(str, mailoutbox)):
        assert "王某某" not in said
        assert "the-cookie-itself" not in said
    assert mailoutbox == []
    assert settings.DEBUG is False


def test_the_house_logs_by_these_handlers_only() -> None:
    handler = settings.LOGGING["handlers"]["console"]
    assert list(settings.LOGGING["handlers"]) == ["console"]
    assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "lianfang.machine.logs.Discreet"
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []
    assert callable(dictConfig)
