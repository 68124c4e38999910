"""The day's list, one passage's file, the checkpoints: what they show, to whom, and at what cost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints import queries
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.opening import State
from lianfang.checkpoints.queries import Line, Page, PassageFile
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from tests import factories
from tests.factories import ANSHAN, Generated, Intake, Json, today


def listed(by: Reach, **asked: Any) -> Page:
    with reach(by) as seen:
        return queries.passages(seen, **{"day": today()} | asked)


def lines(by: Reach, **asked: Any) -> list[str]:
    """The ids of the lines, as text."""
    return [str(line.id) for line in listed(by, **asked).lines]


def the_line(by: Reach, **asked: Any) -> Line:
    (line,) = listed(by, **asked).lines
    return line


def file_of(by: Reach, passage: Json) -> PassageFile:
    with reach(by) as seen:
        found = queries.passage_file(seen, UUID(passage["id"]))
    assert found is not None
    return found


def sent(intake: Intake, *records: Json) -> None:
    answer = intake.send(Generated().parcel(*records))
    assert [receipt["status"] for receipt in answer["receipts"]] == ["ACCEPTED"] * len(records)


# --- the day's list ---


def test_a_line_says_who_came_when_and_how_without_giving_names_away(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    party = [generated.person(name="王小明"), generated.person(name="欧阳静"), generated.person(name=None)]
    passage = generated.passage(people=party, plate="辽c·12345", transport="TAXI")
    sent(intake, passage)
    line = the_line(haicheng)
    assert (str(line.id), line.checkpoint, line.checkpoint_name) == (passage["id"], "GATE", "GATE卡口")
    assert (line.direction, line.transport, line.plate) == ("IN", "TAXI", "辽c·12345")
    assert (line.people, line.names) == (3, ("王**", "欧阳**", ""))
    assert (line.occurred_at, line.state, line.corrected) == (generated.at, State.OPEN, False)
    assert line.flags == ("INCOMPLETE",)
    assert "小明" not in repr(line)


@pytest.mark.parametrize(
    ("party", "strongest"),
    [
        ([], None),
        ([{}], "REGISTER"),
        ([{}, {"from_code": "420106"}], "QUARANTINE"),
        ([{"symptoms": ["COUGH"]}, {"from_code": "420106"}, {}], "FEVER_CLINIC"),
    ],
)
def test_of_a_cars_measures_the_line_shows_the_strongest(
    intake: Intake, generated: Generated, haicheng: Reach, party: list[Json], strongest: str | None
) -> None:
    sent(intake, generated.passage(people=[generated.person(**person) for person in party]))
    assert the_line(haicheng).strongest == strongest


def test_pages_follow_one_another_without_a_gap_or_a_repetition(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    sent(intake, *(generated.passage(people=0) for _ in range(7)))
    seen, before = [], None
    for _ in range(4):
        page = listed(haicheng, before=before, limit=2)
        seen += [line.id for line in page.lines]
        before = page.next_before
    assert before is None
    assert len(seen) == 7
    assert seen == sorted(set(seen), reverse=True)


def test_a_full_last_page_has_no_next(intake: Intake, generated: Generated, haicheng: Reach) -> None:
    sent(intake, generated.passage(), generated.passage())
    assert listed(haicheng, limit=2).next_before is None
    assert listed(haicheng, limit=1).next_before is not None
    assert len(listed(haicheng, limit=0).lines) == 1


def test_a_list_can_be_narrowed_to_a_checkpoint_and_a_direction(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    factories.checkpoint("NORTH")
    came, left = generated.passage(), generated.passage(direction="OUT")
    north = generated.passage(checkpoint="NORTH")
    sent(intake, came, left, north)
    assert set(lines(haicheng, checkpoint="GATE")) == {came["id"], left["id"]}
    assert lines(haicheng, checkpoint="NORTH") == [north["id"]]
    assert lines(haicheng, direction="OUT") == [left["id"]]
    assert lines(haicheng, direction="OUT", checkpoint="NORTH") == []


def test_a_passage_is_listed_on_the_day_it_was_captured_in_shanghai(intake: Intake, haicheng: Reach) -> None:
    yesterday = Generated(seed=2, at=datetime.now(UTC) - timedelta(days=1))
    sent(intake, yesterday.passage())
    assert lines(haicheng) == []
    assert len(lines(haicheng, day=day_of(yesterday.at))) == 1


@pytest.mark.parametrize(
    "odd",
    ["4", "1970", "2099", "a year ago", "paper typed in three weeks later"],
)
def test_a_passage_with_an_id_of_another_time_is_listed_like_any_other(
    intake: Intake, generated: Generated, haicheng: Reach, odd: str
) -> None:
    moments = {
        "1970": datetime(1970, 1, 2, tzinfo=UTC),
        "2099": datetime(2099, 1, 1, tzinfo=UTC),
        "a year ago": generated.at - timedelta(days=365),
    }
    passage = generated.passage(people=0, id=generated.id(moments.get(odd)))
    if odd == "4":
        passage["id"] = str(uuid4())
    if odd.startswith("paper"):
        passage["occurred_at"] = (generated.at - timedelta(days=21)).isoformat()
    sent(intake, passage)
    assert lines(haicheng, day=day_of(datetime.fromisoformat(passage["occurred_at"]))) == [passage["id"]]


def test_lists_show_a_passage_as_corrected(intake: Intake, generated: Generated, haicheng: Reach) -> None:
    passage = generated.passage(plate=None)
    person = passage["people"][0]["id"]
    sent(intake, passage)
    assert the_line(haicheng).flags == ("INCOMPLETE",)
    sent(intake, generated.correction(passage["id"], {"plate": "辽C88888", "transport": "TRUCK"}))
    sent(intake, generated.correction(person, {"name": "赵一"}))
    line = the_line(haicheng)
    assert (line.plate, line.transport, line.names) == ("辽C88888", "TRUCK", ("赵**",))
    assert (line.corrected, line.flags) == (True, ())


def test_of_two_corrections_the_one_that_happened_later_stands(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage()
    sent(intake, passage)
    late, early = (
        generated.correction(
            passage["id"],
            {"plate": plate},
            occurred_at=(generated.at + timedelta(minutes=minutes)).isoformat(),
        )
        for plate, minutes in (("辽C22222", 9), ("辽C11111", 5))
    )
    intake.received_at = generated.at + timedelta(minutes=10)
    sent(intake, late)
    sent(intake, early)
    assert the_line(haicheng).plate == "辽C22222"


@pytest.fixture
def moved(intake: Intake, generated: Generated) -> Json:
    """A passage put down at the wrong checkpoint, on the wrong day, in the wrong direction; beside it one that was not."""
    factories.checkpoint("NORTH")
    passage = generated.passage(people=1)
    sent(intake, passage, generated.passage(people=0))
    fields = {
        "checkpoint": "NORTH",
        "direction": "OUT",
        "occurred_at": (generated.at - timedelta(days=2)).isoformat(),
    }
    sent(intake, generated.correction(passage["id"], fields))
    return passage


def test_a_corrected_passage_leaves_its_old_place_and_is_listed_in_its_new_one(
    moved: Json, generated: Generated, haicheng: Reach
) -> None:
    day, true = today(), day_of(generated.at - timedelta(days=2))
    everywhere = [
        {},
        {"checkpoint": "GATE"},
        {"direction": "IN"},
        {"checkpoint": "NORTH"},
        {"direction": "OUT"},
    ]
    assert [moved["id"] in lines(haicheng, day=day, **place) for place in everywhere] == [False] * 5
    assert [len(lines(haicheng, day=day, **place)) for place in everywhere] == [1, 1, 1, 0, 0]
    assert [lines(haicheng, day=true, **place) == [moved["id"]] for place in everywhere] == [
        True,
        False,
        False,
        True,
        True,
    ]
    line = the_line(haicheng, day=true)
    assert (line.checkpoint, line.direction) == ("NORTH", "OUT")
    assert line.occurred_at == generated.at - timedelta(days=2)


def test_a_moved_passage_keeps_its_place_between_pages(
    moved: Json, generated: Generated, haicheng: Reach
) -> None:
    true = day_of(generated.at - timedelta(days=2))
    assert lines(haicheng, day=true, before=UUID(moved["id"])) == []
    assert lines(haicheng, day=true, before=UUID(int=UUID(moved["id"]).int + 1)) == [moved["id"]]


def test_only_the_checkpoint_was_wrong(intake: Intake, generated: Generated, haicheng: Reach) -> None:
    factories.checkpoint("NORTH")
    passage = generated.passage()
    sent(intake, passage)
    sent(intake, generated.correction(passage["id"], {"checkpoint": "NORTH"}))
    assert lines(haicheng) == lines(haicheng, checkpoint="NORTH") == [passage["id"]]
    assert lines(haicheng, checkpoint="NORTH", direction="IN") == [passage["id"]]
    assert lines(haicheng, checkpoint="GATE") == lines(haicheng, checkpoint="NORTH", direction="OUT") == []


# --- whom it is shown to ---


def test_the_stranger_of_the_next_county_sees_no_line_and_no_file(
    intake: Intake, generated: Generated, haicheng: Reach, xiuyan: Reach
) -> None:
    passage = generated.passage()
    sent(intake, passage)
    assert lines(haicheng) == [passage["id"]]
    assert lines(xiuyan) == lines(xiuyan, checkpoint="GATE") == []
    with reach(xiuyan) as seen:
        assert queries.passage_file(seen, UUID(passage["id"])) is None
        assert queries.checkpoints(seen, at=generated.at) == []


def test_the_query_keeps_within_reach_where_row_level_security_would_let_more_through(
    intake: Intake, generated: Generated, haicheng: Reach, xiuyan: Reach
) -> None:
    """A Reach with the spans of one county and the session of another: both fences must be passed."""
    passage = generated.passage()
    sent(intake, passage)
    fields = {name: getattr(xiuyan, name) for name in xiuyan.__dataclass_fields__}
    for mixed in (
        Reach(**fields | {"session": haicheng.session}),
        Reach(**fields | {"spans": haicheng.spans}),
        Reach(**fields | {"spans": (), "session": haicheng.session}),
    ):
        assert lines(mixed) == []
        with reach(mixed) as seen:
            assert queries.passage_file(seen, UUID(passage["id"])) is None
            assert queries.search(seen, kind="PLATE", value=passage["plate"]).lines == ()


def test_lists_and_files_need_the_permission(
    gate: Checkpoint, officer: Callable[..., Reach], now: datetime
) -> None:
    with reach(officer("WALL", ANSHAN)) as seen:
        for ask in (
            lambda: queries.passages(seen, day=today()),
            lambda: queries.passage_file(seen, uuid4()),
            lambda: queries.checkpoints(seen, at=now),
        ):
            with pytest.raises(Forbidden):
                ask()


# --- what it costs ---


def test_one_and_three_passages_take_the_same_number_of_questions(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    def questions(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    def corrected(people: int) -> Json:
        passage = generated.passage(people=people, plate="辽C77777")
        sent(intake, passage)
        sent(intake, *(generated.correction(p["id"], {"name": "某人"}) for p in passage["people"]))
        return passage

    def found() -> object:
        with reach(haicheng) as seen:
            return queries.search(seen, kind="PLATE", value="辽C77777")

    def stood() -> object:
        with reach(haicheng) as seen:
            return queries.checkpoints(seen, at=generated.at)

    one = corrected(1)
    asks = [lambda: listed(haicheng), found, stood, lambda: file_of(haicheng, one)]
    first = [questions(ask) for ask in asks]
    factories.checkpoint("NORTH")
    three = [corrected(3) for _ in range(2)]
    asks[3] = lambda: file_of(haicheng, three[0])
    assert [questions(ask) for ask in asks] == first
    assert max(first) <= 12


# --- one passage's file ---


def test_a_file_shows_the_name_and_masks_numbers_and_addresses(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    person = generated.person(
        name="王小明",
        document={"type": "RESIDENT_ID", "number": "210727198503152019"},
        phone="139 0416-0001",
        stays=[{"code": "420106", "from": "2020-01-01", "to": "2020-01-20"}],
        destination={"code": "210381101201", "address": "大孤山村 8 号"},
        case_contact=True,
    )
    child = generated.person(
        name="王一", document={"type": "NONE"}, phone=None, guardian_id=person["id"], born_on="2019-05-01"
    )
    passage = generated.passage(people=[person, child], lane=2, officer="A007", vehicle_note="后窗贴膜")
    sent(intake, passage)
    found = file_of(haicheng, passage)
    adult, baby = found.people
    assert (adult.place, adult.name, adult.document, adult.phone) == (
        1,
        "王小明",
        "210727********2019",
        "139****0001",
    )
    assert (adult.sex, adult.case_contact, adult.address) == ("M", True, "大孤山村**")
    assert adult.stays == (("420106", "2020-01-01", "2020-01-20"),)
    assert (baby.guardian, baby.document, baby.phone, baby.document_type) == (1, "", "", "NONE")
    assert baby.born_on == "2019-**-**"
    assert (found.lane, found.officer, found.vehicle_note, found.plate) == (
        "2",
        "A007",
        "后窗贴膜",
        passage["plate"],
    )
    for secret in ("210727198503152019", "13904160001", "139 0416-0001"):
        assert secret not in repr(found)


def test_a_file_names_each_measure_with_the_sentence_it_came_from(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage(people=[generated.person(from_code="420106")])
    sent(intake, passage)
    (person,) = file_of(haicheng, passage).people
    assert [(m.kind, m.row, m.place, m.days) for m in person.measures] == [
        ("QUARANTINE", "affected-area", "HOME", 14),
        ("REGISTER", "arrival", None, None),
    ]
    assert person.rule_set


def test_there_is_no_file_of_an_unknown_passage(gate: Checkpoint, haicheng: Reach) -> None:
    with reach(haicheng) as seen:
        assert queries.passage_file(seen, uuid4()) is None


def test_a_record_that_came_twice_with_other_content_is_noted_in_the_history(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    passage = generated.passage()
    sent(intake, passage)
    other = passage | {"plate": "辽C00000", "people": [passage["people"][0] | {"name": "别人"}]}
    (receipt,) = intake.send(generated.parcel(other))["receipts"]
    assert (receipt["status"], receipt["people"][0]["status"]) == ("CONFLICT", "CONFLICT")
    found = file_of(haicheng, passage)
    assert [(event.kind, event.person, event.who) for event in found.history] == [
        ("REGISTERED", None, ("DEVICE", "一号机")),
        ("REGISTERED", 1, ("DEVICE", "一号机")),
        ("CONFLICT", None, ("DEVICE", "一号机")),
        ("CONFLICT", 1, ("DEVICE", "一号机")),
    ]
    assert (found.plate, found.people[0].name) == (passage["plate"], passage["people"][0]["name"])


# --- what cannot be opened any more ---


@pytest.fixture
def yesterdays(intake: Intake) -> Iterator[Json]:
    """A passage of a day whose key may be destroyed, with a correction sealed today."""
    generated = Generated(seed=3, at=datetime.now(UTC) - timedelta(days=1))
    passage = generated.passage()
    sent(intake, passage)
    person = passage["people"][0]["id"]
    today_ = datetime.now(UTC).isoformat()
    sent(
        intake,
        generated.correction(person, {"name": "后来改的"}, occurred_at=today_),
        generated.correction(passage["id"], {"transport": "TRUCK"}, occurred_at=today_),
    )
    yield passage
    key_folder().forget()


def destroy_yesterdays_key() -> None:
    folder = key_folder()
    (folder.path / f"day-{today() - timedelta(days=1)}.key").unlink()
    folder.forget()


def clear_blobs(intake: Intake) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE passage SET sealed = NULL, digest = NULL, plate_index = NULL")
        cursor.execute("UPDATE registration SET sealed = NULL, digest = NULL")


@pytest.mark.parametrize("how", ["key", "blob"])
def test_what_was_destroyed_on_schedule_says_so_and_keeps_the_figures(
    intake: Intake, yesterdays: Json, haicheng: Reach, how: str
) -> None:
    destroy_yesterdays_key() if how == "key" else clear_blobs(intake)
    line = the_line(haicheng, day=today() - timedelta(days=1))
    assert (line.state, line.plate, line.names, line.people) == (State.DESTROYED, None, ("",), 1)
    assert (line.transport, line.strongest) == ("TRUCK", "REGISTER")
    found = file_of(haicheng, yesterdays)
    (person,) = found.people
    assert (found.state, person.state, person.name, person.document) == (
        State.DESTROYED,
        State.DESTROYED,
        "",
        "",
    )
    assert (person.from_code, person.measures[0].kind) == ("210103", "REGISTER")
    corrected = [event for event in found.history if event.kind == "CORRECTED"]
    assert [(event.state, event.reason, event.changes) for event in corrected] == [
        (State.DESTROYED, None, ())
    ] * 2
    assert "后来改的" not in repr(found)


def test_a_blob_that_was_changed_is_unreadable_and_does_not_break_the_page(
    intake: Intake, yesterdays: Json, haicheng: Reach
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE passage SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))")
        cursor.execute("UPDATE registration SET sealed = '\\x'")
    assert the_line(haicheng, day=today() - timedelta(days=1)).state == State.UNREADABLE
    found = file_of(haicheng, yesterdays)
    assert (found.state, found.people[0].state) == (State.UNREADABLE, State.UNREADABLE)


# --- the checkpoints ---


def test_checkpoints_show_how_long_they_have_been_silent(
    intake: Intake, generated: Generated, haicheng: Reach
) -> None:
    factories.checkpoint("NORTH")
    for age in (timedelta(minutes=40), timedelta(hours=3)):
        then = Generated(seed=age.seconds, at=generated.at - age)
        intake.received_at = then.at + timedelta(seconds=2)
        sent(intake, then.passage(people=0))
    with reach(haicheng) as seen:
        spoke, silent = queries.checkpoints(seen, at=generated.at)
    assert (spoke.code, spoke.last_occurred_at) == ("GATE", generated.at - timedelta(minutes=40))
    assert spoke.silent_for == timedelta(minutes=39, seconds=58)
    assert (silent.code, silent.last_occurred_at, silent.silent_for) == ("NORTH", None, None)


def test_closed_checkpoints_come_last_and_take_no_devices(
    gate: Checkpoint, haicheng: Reach, now: datetime
) -> None:
    factories.checkpoint("NORTH")
    Checkpoint.objects.filter(pk="GATE").update(closed_at=now)
    with reach(haicheng) as seen:
        assert [line.code for line in queries.checkpoints(seen, at=now)] == ["NORTH", "GATE"]
        assert [found.code for found in queries.invitable_checkpoints(seen)] == ["NORTH"]
