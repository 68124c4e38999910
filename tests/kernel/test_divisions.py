import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import divisions


@pytest.mark.parametrize(
    ("code", "level", "lo", "hi", "parent"),
    [
        ("21", "PROVINCE", 210000000000000000, 219999999999999999, None),
        ("210000", "PROVINCE", 210000000000000000, 219999999999999999, None),
        ("2103", "CITY", 210300000000000000, 210399999999999999, "210000"),
        ("210300", "CITY", 210300000000000000, 210399999999999999, "210000"),
        ("210381", "COUNTY", 210381000000000000, 210381999999999999, "210300"),
        ("210381000000", "COUNTY", 210381000000000000, 210381999999999999, "210300"),
        ("210727101", "TOWNSHIP", 210727101000000000, 210727101999999999, "210727"),
        ("210727101202", "VILLAGE", 210727101202000000, 210727101202999999, "210727101"),
        ("210727101202003", "GRID", 210727101202003000, 210727101202003999, "210727101202"),
        ("210727101202003002", "MICRO_GRID", 210727101202003002, 210727101202003002, "210727101202003"),
    ],
)
def test_a_code_names_a_level_a_span_and_a_parent(code, level, lo, hi, parent):
    assert divisions.level(code) == level
    assert divisions.span(code) == (lo, hi)
    assert divisions.parent(code) == parent


def test_a_lineage_goes_from_the_province_to_the_code_itself():
    assert divisions.lineage("210727101202003") == (
        "210000",
        "210700",
        "210727",
        "210727101",
        "210727101202",
        "210727101202003",
    )


def test_the_county_of_a_village_is_known_and_a_city_has_none():
    assert divisions.county_of("210727101202") == "210727"
    assert divisions.county_of("210700") is None
    assert divisions.at_level("210727101202", "CITY") == "210700"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "21072",
        "2107271",
        "99",
        "991234",
        "21072x",
        "２１０７２７",
        "210727 ",
        "\x00" * 6,
        "🏠",
        "٢١٠٧٢٧",
        "21" * 10,
    ],
)
def test_what_is_no_code_is_said_to_be_none(text):
    assert not divisions.is_code(text)
    with pytest.raises(ValueError, match="not a division code"):
        divisions.span(text)


@pytest.mark.parametrize("code", ["110000", "659001", "710000", "810000", "820000"])
def test_codes_of_the_whole_country_are_codes(code):
    assert divisions.is_code(code)


CODES = st.builds(
    lambda province, rest, length: (province + rest)[:length],
    st.sampled_from(sorted(divisions.PROVINCES)),
    st.text(alphabet="0123456789", min_size=16, max_size=16),
    st.sampled_from([2, 4, 6, 9, 12, 15, 18]),
)


@given(CODES)
def test_a_code_and_its_integer_are_the_same_division(code):
    assert divisions.from_integer(divisions.as_integer(code)) == divisions.canonical(code)
    assert divisions.canonical(divisions.canonical(code)) == divisions.canonical(code)


@given(CODES)
def test_every_division_lies_within_its_parent(code):
    above = divisions.parent(code)
    if above is not None:
        (lo, hi), (parent_lo, parent_hi) = divisions.span(code), divisions.span(above)
        assert parent_lo <= lo <= hi <= parent_hi


@given(st.text(max_size=24))
def test_asking_whether_it_is_a_code_never_raises(text):
    assert divisions.is_code(text) in (True, False)
