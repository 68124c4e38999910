import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import phones

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["mobile"]


@pytest.mark.parametrize("text", VECTORS["valid"])
def test_a_mobile_number_is_its_last_eleven_digits(text):
    assert phones.read(text) == (text[-11:], "MOBILE", ())


@pytest.mark.parametrize("text", VECTORS["invalid"])
def test_an_odd_number_is_kept_and_flagged(text):
    assert phones.read(text) == (text, "OTHER", ("PHONE_ODD",))


@pytest.mark.parametrize(
    "typed",
    [
        "139 0416 0001",
        "139-0416-0001",
        "1390416-0001",
        "１３９０４１６０００１",
        "+86 139 0416 0001",
        "(+86)13904160001",
        "0086-13904160001",
        "8613904160001",
        "013904160001",
        "13904160001/13904160002",
        "13904160001、0416-2123456",
    ],
)
def test_one_mobile_number_typed_in_many_ways_has_one_key(typed):
    assert phones.read(typed) == ("13904160001", "MOBILE", ())


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("0416-2123456", "04162123456"),
        ("（0416）2123456", "04162123456"),
        ("+86 416 2123456", "04162123456"),
        ("0412-3212345转802", "04123212345"),
        ("0412-3212345-802", "04123212345"),
        ("010-62345678", "01062345678"),
        ("024 2345 6789", "02423456789"),
    ],
)
def test_a_landline_keeps_its_area_code_and_loses_its_extension(typed, key):
    assert phones.read(typed) == (key, "LANDLINE", ())


@pytest.mark.parametrize("text", ["110", "120", "12345", "12320", "95588", "116114"])
def test_short_numbers_of_services_can_be_kept(text):
    assert phones.read(text) == (text, "SHORT", ())


@pytest.mark.parametrize(
    ("typed", "key"),
    [("+852 9123 4567", "+85291234567"), ("00852-91234567", "+85291234567"), ("400-810-1234", "4008101234")],
)
def test_foreign_and_company_numbers_are_kept_without_a_flag(typed, key):
    assert phones.read(typed) == (key, "OTHER", ())


@pytest.mark.parametrize("text", ["2123456", "没有手机", "139****0001", "📱"])
def test_what_cannot_be_dialled_from_here_is_flagged(text):
    assert phones.read(text) == (text, "OTHER", ("PHONE_ODD",))


def test_no_number_has_no_key_and_no_flag():
    assert phones.read(" ") == ("", "OTHER", ())


@given(st.text(max_size=30) | st.text(alphabet="0123456789+ -()转,/86", max_size=24))
def test_no_text_whatever_makes_it_raise_and_reading_twice_changes_nothing(text):
    phone = phones.read(text)

    assert phones.read(phone.key) == phone
    phone.key.encode()
