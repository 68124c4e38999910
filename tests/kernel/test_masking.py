"""Masking never shows more than it says it does, whatever was recorded, and never raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.as_typed import plain_number
from lianfang.kernel.masking import (
    MASKED,
    OPENED,
    UNMASKED,
    masked_address,
    masked_birth,
    masked_document,
    masked_name,
    masked_phone,
    masked_plate,
    masked_text,
)

ODD = st.text(max_size=40) | st.text(
    alphabet=st.characters(codec=None, categories=("Cs", "Cc", "Cf", "So", "Nd", "Lo", "Mn")), max_size=20
)
FUNCTIONS = [*MASKED]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("210727198503152019", "210727********2019"),
        ("２１０７２７　１９８５０３１５　２０１９", "210727********2019"),
        ("11010519491231002x", "110105********002X"),
        ("11010519491231002Ⅹ", "110105********002X"),
        ("110105491231002", "11***********02"),
        ("21072719850315201", "21*************01"),
        ("E12345678", "E1*****78"),
        ("E1234", "E***4"),
        ("E12", "***"),
        ("1", "*"),
        ("", ""),
        (None, ""),
        ("\ud83d12345678", "12****78"),
        (210727198503152019, "210727********2019"),
    ],
)
def test_a_document_shows_region_and_tail_or_its_ends(number: Any, masked: str) -> None:
    assert masked_document(number) == masked


@pytest.mark.parametrize(
    ("plate", "masked"),
    [
        ("辽C12345", "辽C**45"),
        ("辽c·１２３４５", "辽C**45"),
        ("辽CD12345", "辽C**45"),
        ("辽C123", "辽***3"),
        ("无牌", "**"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_plate_shows_where_it_is_from_and_its_end(plate: Any, masked: str) -> None:
    assert masked_plate(plate) == masked


@given(ODD)
def test_a_masked_plate_never_raises_and_shows_four_characters_at_most(plate: str) -> None:
    assert len(masked_plate(plate).replace("*", "")) <= 4


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13904161234", "139****1234"),
        ("+86 139-0416-1234", "139****1234"),
        ("１３９０４１６１２３４", "139****1234"),
        ("04162123456", "04*******56"),
        ("+821012345678", "+8*********78"),
        ("2123456", "2*****6"),
        ("110", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_masked_phone_does_not_ring(number: Any, masked: str) -> None:
    assert masked_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王伟", "王**"),
        ("王 小 明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("歐陽娜", "歐陽**"),
        ("欧阳", "欧**"),
        ("買买提·阿卜杜拉", "買**"),
        ("司马·伊力亚斯", "司**"),
        ("John Smith", "J**"),
        ("O'Brien", "O**"),
        ("𠮷田", "𠮷**"),
        ("👨‍👩‍👧王伟", "王**"),
        ("\ud83d王伟", "王**"),
        ("王", "王**"),
        ("???", "**"),
        ("  ", ""),
        (None, ""),
    ],
)
def test_of_a_name_the_surname_stays(name: Any, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("大孤山村 8 号", "大孤山村**"),
        ("向阳小区3号楼2单元501室", "向阳小区**"),
        ("建设路十二号院王家", "建设路**"),
        ("３组", "**"),
        ("8号", "**"),
        ("老王家后院", "老王**"),
        ("家", "**"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_ends_before_its_first_figure_and_at_half(address: Any, masked: str) -> None:
    assert masked_address(address) == masked


def test_of_a_birthday_the_year_stays() -> None:
    assert masked_birth("1985-03-15") == "1985-**-**"
    assert masked_birth("15.3.85") == "**"
    assert masked_birth(None) == ""


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("旅客来电，电话应为 13904161234。", "旅客来电，电话应为 13*******34。"),
        ("证件 210727 19850315 2019 看错", "证件 21**************19 看错"),
        ("证件２１０７２７１９８５０３１５２０１９", "证件21**************19"),
        ("末位是X：21072719850315201X", "末位是X：21**************1X"),
        ("护照 E12345678", "护照 E1*****78"),
        ("电话（0416）212-3456", "电话（04*******56"),
        ("2020-02-10 才到", "2020-02-10 才到"),
        ("辽C12345 停在 3 道", "辽C12345 停在 3 道"),
        ("看错了", "看错了"),
        (None, ""),
    ],
)
def test_numbers_in_a_sentence_are_masked_too(text: Any, masked: str) -> None:
    assert masked_text(text) == masked


@pytest.mark.parametrize("mask", FUNCTIONS)
@given(value=ODD | st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=3))
def test_nothing_recorded_makes_it_raise_and_what_it_shows_can_be_sent(mask: Any, value: Any) -> None:
    mask(value).encode()


@given(number=ODD)
def test_a_document_shows_ten_characters_of_eighteen_and_half_of_anything_else(number: str) -> None:
    masked, typed = masked_document(number), plain_number(number)
    kept = len(masked) - masked.count("*") + typed.count("*")
    assert kept <= (10 if len(masked) == 18 else len(typed) / 2 + typed.count("*"))


@given(number=st.text(alphabet="0123456789xX ０１Ⅹ-", max_size=24))
def test_eight_figures_of_a_resident_number_are_hidden_whatever_stands_between_them(number: str) -> None:
    masked = masked_document(number)
    assert masked.count("*") >= min(8, (len(masked) + 1) // 2)


@given(number=ODD | st.text(alphabet="0123456789+ -()转,/86", max_size=24))
def test_a_phone_shows_seven_figures_of_eleven_and_half_of_anything_else(number: str) -> None:
    masked = masked_phone(number.replace("*", ""))
    shown = len(masked.replace("*", ""))
    assert shown <= max(7 if len(masked) == 11 else 0, len(masked) / 2)


@given(name=ODD)
def test_a_name_never_shows_all_its_letters(name: str) -> None:
    letters = [letter for letter in name if letter.isalpha()]
    shown = [letter for letter in masked_name(name) if letter.isalpha()]
    assert len(shown) <= 2
    assert masked_name(masked_name(name)) == masked_name(name)
    assert len(shown) < len(letters) or len(letters) <= 1


@given(address=ODD)
def test_an_address_shows_no_figure_and_never_more_than_half(address: str) -> None:
    shown = masked_address(address).removesuffix("**")
    assert not any(letter.isnumeric() for letter in shown)
    assert len(shown) <= len(address) / 2


@given(before=st.text(max_size=12), number=st.text(alphabet="0123456789", min_size=11, max_size=18))
def test_no_number_of_a_phones_length_survives_in_a_sentence(before: str, number: str) -> None:
    assert number not in masked_text(f"{before}{number}")


def test_an_opened_file_says_the_name_and_nothing_more() -> None:
    assert OPENED.name("王伟") == "王伟"
    assert OPENED._replace(name=MASKED.name) == MASKED
    assert UNMASKED.document("210727198503152019") == "210727198503152019"
