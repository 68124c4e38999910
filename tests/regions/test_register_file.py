import json
import subprocess
import sys
from pathlib import Path

import pytest

from lianfang.regions.outlines import outlines, province_outlines
from lianfang.regions.register_file import RegisterUnreadable, read_register
from lianfang.regions.services import ALIASES, REGISTERS, SHIPPED
from tests.regions.conftest import needs

HEADER = "code,parent,level,name\n"


def a_file(folder: Path, text: str) -> Path:
    path = folder / "register.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_registers_hold_the_country_and_two_cities():
    country, cities = (read_register(REGISTERS / name) for name, _ in SHIPPED)
    levels = [unit.level for unit in cities]

    assert len(cities) == 2851
    assert [levels.count(level) for level in ("CITY", "COUNTY", "TOWNSHIP", "VILLAGE")] == [2, 14, 240, 2595]
    assert len(country) == 34 + 342 + 2995 - 3  # three cities have no counties


def test_the_two_registers_agree_where_they_overlap():
    country, cities = ({unit.code: unit for unit in read_register(REGISTERS / name)} for name, _ in SHIPPED)

    assert {code: country[code] for code in country.keys() & cities.keys()} == {
        code: unit for code, unit in cities.items() if len(code) == 6
    }


def test_everything_shipped_is_small():
    assert sum(path.stat().st_size for path in REGISTERS.iterdir()) < 700_000


def test_the_registers_are_what_the_script_makes_of_the_reference_data(reference, tmp_path):
    needs(reference)
    script = Path(__file__).parents[2] / "scripts" / "make_registers.py"

    subprocess.run([sys.executable, script, reference, "--target", tmp_path], check=True)

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {name: (REGISTERS / name).read_bytes() for name in made}
    assert {path.name for path in REGISTERS.iterdir()} - made.keys() == {
        ALIASES,
        "traditional.txt",
        "README.md",
    }


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("code,name\n21,辽宁省\n", 1, "columns missing: level, parent"),
        (HEADER + "99,,1,无\n", 2, "code or name is wrong"),
        (HEADER + "210000,,1,辽宁省\n210700,210000,2, \n", 3, "code or name is wrong"),
        (HEADER + "210700,220000,2,锦州市\n", 2, "parent or level of 210700 contradicts the code"),
        (HEADER + "210700,210000,3,锦州市\n", 2, "parent or level of 210700 contradicts the code"),
    ],
)
def test_a_file_that_is_no_register_is_refused_with_the_line(tmp_path, text, line, says):
    with pytest.raises(RegisterUnreadable) as refused:
        read_register(a_file(tmp_path, text))

    assert refused.value.en == f"Line {line}: {says}."
    assert f"第 {line} 行" in refused.value.zh


def test_counties_have_outlines_by_city():
    jinzhou = outlines(["210700"])["features"]

    assert [feature["properties"]["code"] for feature in jinzhou] == [
        "210702", "210703", "210711", "210726", "210727", "210781", "210782",
    ]  # fmt: skip
    assert len(outlines(["210300", "210700"])["features"]) == 14
    assert outlines(["420100"])["features"] == []


def test_the_map_of_the_country_has_every_province_and_its_boundary_lines():
    features = province_outlines()["features"]
    codes = {feature["properties"]["code"] for feature in features} - {""}
    lines = [feature for feature in features if feature["geometry"]["type"].endswith("LineString")]

    assert len(codes) == 34
    assert {"710000", "810000", "820000"} <= codes
    assert {feature["properties"]["name"] for feature in lines} == {"境界线"}


def test_every_outline_is_closed():
    for feature in json.loads(json.dumps([*province_outlines()["features"], *outlines(["21"])["features"]])):
        geometry = feature["geometry"]
        polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
        for polygon in polygons.get(geometry["type"], []):
            assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in polygon), feature["properties"]
