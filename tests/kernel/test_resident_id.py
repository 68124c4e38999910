import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import resident_id

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["resident_id"]
DAY = date(2020, 2, 10)


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["why"])
def test_a_valid_number_is_read_without_a_flag(vector):
    read = resident_id.read(vector["number"], on=date.fromisoformat(vector["on"]))

    assert read == resident_id.ResidentId(
        vector["number"],
        date.fromisoformat(vector["number"][6:14]),
        "M" if int(vector["number"][16]) % 2 else "F",
        (),
    )


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda vector: vector["why"])
def test_an_odd_number_is_kept_and_flagged(vector):
    read = resident_id.read(vector["number"], on=date.fromisoformat(vector["on"]))

    assert read.number == vector["number"]
    assert vector["flag"] in read.flags


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "--", "\x00"])
def test_nothing_typed_reads_as_nothing(text):
    assert resident_id.read(text, on=DAY) is None


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002Ⅹ",
        "11010519491231002×",
        "\ufeff11010519491231002X\u200b",
    ],
)
def test_one_number_typed_in_many_ways_is_one_number(typed):
    assert resident_id.read(typed, on=DAY) == resident_id.read("11010519491231002X", on=DAY)


@pytest.mark.parametrize(
    ("typed", "flag"),
    [
        ("2", "DOCUMENT_LENGTH"),
        ("5", "DOCUMENT_LENGTH"),
        ("21072719850315201", "DOCUMENT_LENGTH"),
        ("21072719850315201999", "DOCUMENT_LENGTH"),
        ("X10727198503152019", "DOCUMENT_CHARSET"),
        ("21072719850315201👶", "DOCUMENT_CHARSET"),
        ("٢١٠٧٢٧١٩٨٥٠٣١٥٢٠١٩", "DOCUMENT_CHARSET"),
        ("210727850315201", "DOCUMENT_FIRST_GENERATION"),
        ("21072785031520X", "DOCUMENT_LENGTH"),
    ],
)
def test_what_has_not_the_shape_of_a_number_says_which_way(typed, flag):
    read = resident_id.read(typed, on=DAY)

    assert read.flags == (flag,)
    assert (read.born_on, read.sex) == (None, None)


def test_a_bad_check_digit_still_shows_birth_date_and_sex():
    read = resident_id.read("210727198503152018", on=DAY)

    assert read == ("210727198503152018", date(1985, 3, 15), "M", ("DOCUMENT_CHECKSUM",))


def test_someone_born_on_the_day_itself_is_old_enough():
    body = f"210727{DAY:%Y%m%d}001"

    assert resident_id.read(body + resident_id.check_digit(body), on=DAY).flags == ()


def test_nobody_is_older_than_130():
    body = "21072718890101001"

    assert resident_id.read(body + resident_id.check_digit(body), on=DAY).flags == ("DOCUMENT_DATE",)


def test_every_single_wrong_digit_is_noticed():
    number = "210727198503152019"
    for place in range(17):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            assert (wrong == number) or resident_id.read(wrong, on=DAY).flags, wrong


def test_neighbouring_digits_swapped_are_noticed():
    number = "210727198503152019"
    for place in range(16):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or resident_id.read(swapped, on=DAY).flags


def test_the_check_digit_is_iso_7064_mod_11_2():
    def by_the_standard(body: str) -> str:
        total = 0
        for digit in body:
            total = (total + int(digit)) * 2 % 11
        return "0123456789X"[(12 - total) % 11]

    numbers = random.Random(7064)
    for _ in range(2_000):
        body = f"{numbers.randrange(10**17):017d}"
        assert resident_id.check_digit(body) == by_the_standard(body)


@given(st.text(max_size=40) | st.text(alphabet="0123456789xX ０１Ⅹ-", max_size=24), st.dates())
def test_no_text_whatever_makes_it_raise_and_reading_twice_changes_nothing(text, day):
    read = resident_id.read(text, on=day)

    assert read is None or resident_id.read(read.number, on=day) == read


@given(
    st.sampled_from(["210727", "210724", "420106", "659001", "830000"]),
    st.dates(min_value=date(1900, 1, 1), max_value=DAY),
    st.integers(0, 999),
)
def test_every_well_made_number_is_read_back(region, born_on, sequence):
    body = f"{region}{born_on:%Y%m%d}{sequence:03d}"

    read = resident_id.read(body + resident_id.check_digit(body), on=DAY)

    assert (read.born_on, read.sex, read.flags) == (born_on, "M" if sequence % 2 else "F", ())
