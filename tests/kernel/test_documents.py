import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import documents

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
DAY = date(2020, 2, 10)
CITIZEN = "210727198503152019"


def normalise(kind, number, on=DAY):
    return documents.normalise(kind, number, on=on)


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind, numbers in VECTORS["permits"].items() for number in numbers]
)
def test_a_travel_document_of_its_form_has_no_flag(kind, number):
    assert normalise(kind, number).number == number
    assert normalise(kind, number).flags == ()


def test_a_resident_number_is_read_in_full():
    assert normalise("RESIDENT_ID", CITIZEN) == (
        CITIZEN,
        date(1985, 3, 15),
        "M",
        (),
        f"RESIDENT_ID:{CITIZEN}",
    )


@pytest.mark.parametrize("number", ["810000199001010019", "820000199001010010", "830000199001010012"])
def test_a_residence_permit_of_hong_kong_macao_or_taiwan_is_read_like_a_resident_number(number):
    document = normalise("HMT_RESIDENCE", number)

    assert (document.born_on, document.flags) == (date(1990, 1, 1), ())


def test_a_residence_permit_with_a_mainland_region_is_flagged():
    assert normalise("HMT_RESIDENCE", CITIZEN).flags == ("DOCUMENT_REGION",)


@pytest.mark.parametrize("vector", VECTORS["permanent_residence_2023"], ids=lambda vector: vector["why"])
def test_a_permanent_residence_card_of_2023_shows_the_birth_date(vector):
    document = normalise("PERMANENT_RESIDENCE", vector["number"], on=date.fromisoformat(vector["on"]))

    assert (document.born_on, document.sex, document.flags) == (date(1990, 1, 1), None, ())


def test_a_permanent_residence_card_of_2017_is_three_letters_and_twelve_digits():
    assert normalise("PERMANENT_RESIDENCE", "usa 1101 1234 5678").number == "USA110112345678"
    assert normalise("PERMANENT_RESIDENCE", "USA110112345678").flags == ()


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("HM_PASS", "12345678"),
        ("HM_PASS", "H1234567"),
        ("TW_PASS", "1234567"),
        ("PERMANENT_RESIDENCE", "US110112345678"),
        ("PASSPORT", "ABCDEF"),
        ("PASSPORT", "E1234567890"),
        ("PASSPORT", "护照"),
    ],
)
def test_a_number_that_is_not_of_its_kinds_form_is_kept_and_flagged(kind, number):
    document = normalise(kind, number)

    assert (document.number, document.flags) == (number, ("DOCUMENT_FORMAT",))
    assert document.match_key == f"{kind}:{number}"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("RESIDENT_ID", CITIZEN, " 210727-19850315-2019 "),
        ("RESIDENT_ID", "11010519491231002X", "１１０１０５１９４９１２３１００２ｘ"),
        ("HM_PASS", "H12345678", "h1234567801"),
        ("HM_PASS", "H1234567800", "Ｈ12345678 01"),
        ("PASSPORT", "EA1234567", "ea 123-4567"),
        ("TW_PASS", "12345678", "１２３４５６７８"),
        ("OTHER", "武字第1234号", " 武字第 １２３４号"),
    ],
)
def test_the_same_document_typed_differently_has_the_same_key(kind, one, other):
    assert normalise(kind, one).match_key == normalise(kind, other).match_key


@pytest.mark.parametrize("kind", documents.KINDS)
def test_a_resident_number_has_one_key_whichever_kind_was_ticked(kind):
    assert normalise(kind, CITIZEN).match_key == f"RESIDENT_ID:{CITIZEN}"


def test_the_number_in_a_household_register_gives_the_babys_birth_date():
    document = normalise("OTHER", "210727201912150027")

    assert (document.born_on, document.sex) == (date(2019, 12, 15), "F")


def test_other_numbers_of_eighteen_digits_are_left_alone():
    assert normalise("OTHER", "210727198513152019")[1:4] == (None, None, ())


@pytest.mark.parametrize("kind", [*documents.KINDS, "LIBRARY_CARD"])
def test_no_number_has_no_key(kind):
    assert normalise(kind, " ") == ("", None, None, (), "")


def test_a_search_without_a_kind_asks_under_every_key_the_number_may_have():
    assert documents.possible_keys(" h1234567801") == (
        "RESIDENT_ID:H1234567801",
        "HMT_RESIDENCE:H1234567801",
        "HM_PASS:H12345678",
        "TW_PASS:H1234567801",
        "PERMANENT_RESIDENCE:H1234567801",
        "PASSPORT:H1234567801",
        "OTHER:H1234567801",
    )
    assert documents.possible_keys(CITIZEN) == (f"RESIDENT_ID:{CITIZEN}",)
    assert documents.possible_keys("") == ()


ANY_KIND = st.sampled_from([*documents.KINDS, "LIBRARY_CARD", ""])
ANY_NUMBER = st.text(max_size=40) | st.text(alphabet="0123456789xXHhMA ０１Ⅹ-", max_size=24)


@given(ANY_KIND, ANY_NUMBER, st.dates())
def test_no_text_whatever_makes_it_raise_and_reading_twice_changes_nothing(kind, number, day):
    document = normalise(kind, number, day)

    assert normalise(kind, document.number, day) == document
    assert document.match_key.encode().strip() == document.match_key.encode()


@given(ANY_KIND, ANY_NUMBER)
def test_a_search_always_finds_the_key_a_number_was_stored_under(kind, number):
    key = normalise(kind, number).match_key

    assert not key or key in documents.possible_keys(number)
