import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import plates

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["plate"]


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["text"])
def test_a_plate_of_a_known_form_has_its_kind_and_no_flag(vector):
    plate = plates.read(vector["text"])

    assert (plate.key, plate.kind, plate.flags) == (vector["text"].replace("·", ""), vector["kind"], ())


@pytest.mark.parametrize("text", VECTORS["invalid"])
def test_an_odd_plate_is_kept_and_flagged(text):
    plate = plates.read(text)

    assert (plate.key, plate.flags) == (text, ("PLATE_ODD",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("WJ辽1234X", "ARMED_POLICE"),
        ("WJ·京 12345", "ARMED_POLICE"),
        ("WJ31-12345", "ARMED_POLICE"),
        ("WJ01消1234", "ARMED_POLICE"),
        ("南A·12345", "ARMY"),
        ("沈B12345", "ARMY"),
        ("VA12345", "ARMY"),
        ("使014578", "EMBASSY"),
        ("014578使", "EMBASSY"),
        ("沪A0023领", "EMBASSY"),
        ("川S8019应急", "EMERGENCY"),
        ("辽GA1234临", "TEMPORARY"),
        ("辽G1234试", "OTHER"),
        ("辽07·12345", "OTHER"),
    ],
)
def test_plates_of_services_and_machines_are_known_too(text, kind):
    plate = plates.read(text)

    assert (plate.kind, plate.flags) == (kind, ())


@pytest.mark.parametrize(
    "typed",
    [
        "辽g·12345",
        " 辽 G 12345 ",
        "辽Ｇ１２３４５",
        "辽G-12345",
        "辽G.12345",
        "辽g•12345\u200b",
        "辽G。12345",
    ],
)
def test_one_plate_typed_in_many_ways_has_one_key(typed):
    assert plates.read(typed) == ("辽G12345", "ORDINARY", (), None)


@pytest.mark.parametrize("text", ["", "  ", "无牌", "无", "没牌", "未上牌", "无号牌", "不详", "none", "N/A"])
def test_no_plate_has_no_key_so_that_unmarked_vehicles_are_not_one_vehicle(text):
    assert plates.read(text) == ("", "OTHER", (), None)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("辽GI2345", "辽G12345"),
        ("辽GO1234", "辽G01234"),
        ("辽G1O34I警", None),
        ("辽I12345", None),
        ("拼出租车", None),
    ],
)
def test_a_slip_of_the_finger_is_suggested_and_never_changes_the_key(typed, suggestion):
    plate = plates.read(typed)

    assert (plate.key, plate.suggestion) == (typed, suggestion)


@pytest.mark.parametrize("text", ["1234УБА", "🚗🚗", "师傅微信好运来", "辽G" * 10])
def test_what_is_no_plate_at_all_is_kept(text):
    assert plates.read(text) == (text, "OTHER", ("PLATE_ODD",), None)


@given(st.text(max_size=30) | st.text(alphabet="辽粤京WJ使领警学挂港临应急GDOI012 ·-.ｇ", max_size=12))
def test_no_text_whatever_makes_it_raise_and_reading_twice_changes_nothing(text):
    plate = plates.read(text)

    assert plates.read(plate.key) == plate
    plate.key.encode()


@given(
    st.sampled_from(plates.PROVINCES),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    st.text(alphabet="ABCEGHJKLMNPQRSTUVWXYZ0123456789", min_size=5, max_size=5),
)
def test_every_ordinary_plate_is_known(province, city, serial):
    assert plates.read(f"{province}{city}·{serial.lower()}") == (
        f"{province}{city}{serial}",
        "ORDINARY",
        (),
        None,
    )
