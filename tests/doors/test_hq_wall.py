"""The wall: named after its city, without a person's data; its words travel with the page."""

import re
from pathlib import Path

from django.conf import settings

from lianfang.checkpoints.models import Checkpoint
from tests import factories
from tests.doors.desk import City, at_desk, text


def test_the_wall_is_named_after_the_city_of_its_checkpoints(city: City) -> None:
    assert "海城市疫情联防联控 · 数据处理终端" in text(city.headquarters.get("/wall"))
    factories.checkpoint("NEXT", division=factories.XIUYAN)
    assert "鞍山市疫情联防联控" in text(city.headquarters.get("/wall"))


def test_a_platform_without_checkpoints_has_a_wall_too(city: City) -> None:
    Checkpoint.objects.filter(code="GATE").update(tier="LOCAL")
    assert "<h1>疫情联防联控 · 数据处理终端</h1>" in text(city.screen.get("/wall"))


def test_the_wall_carries_no_figure_and_nobody_s_data_itself(city: City) -> None:
    passage = city.register()
    page = text(city.screen.get("/wall"))
    for private in (passage["plate"], passage["people"][0]["name"], passage["id"]):
        assert private not in page
    assert page.count("—") >= 8  # until figures come there are dashes, never zeros


def test_the_wall_knows_where_its_outlines_and_the_words_of_its_lists_are(city: City) -> None:
    page = text(city.screen.get("/wall"))
    (address,) = re.findall(r'data-outlines="([^"]+)"', page)
    assert "immutable" in city.screen.get(address)["Cache-Control"]
    for code, word in (("FREIGHT", "货运"), ("COACH", "客运大巴"), ("UNDER_OBSERVATION", "观察中")):
        assert f'<data value="{code}">{word}</data>' in page
    assert '<data value="FREIGHT">Freight</data>' in text(
        at_desk(factories.officer("WALL"), **{"Accept-Language": "en"}).get("/wall")
    )


def test_a_screen_opens_the_wall_and_the_board_and_nothing_else(city: City) -> None:
    assert city.screen.get("/api/v1/board").status_code == 200
    assert city.screen.get("/desk/passages").status_code == 403


def test_an_administrator_opens_no_wall(city: City) -> None:
    assert city.administrator.get("/wall").status_code == 403


def test_every_word_the_wall_s_script_says_comes_with_the_page(city: City) -> None:
    page = text(at_desk(factories.officer()).get("/wall"))
    scripts = Path(settings.BASE_DIR / "desk" / "src").glob("wall*/**/*.ts")
    source = "".join(path.read_text() for path in [*scripts, settings.BASE_DIR / "desk" / "src" / "wall.ts"])
    # The names stand in calls of say('…'), also behind a condition: every quoted name inside the call counts.
    calls = re.findall(r"\bsay\(((?:[^()]|\([^()]*\))*)\)", source)
    names = {name for call in calls for name in re.findall(r"'([a-z][A-Za-z]+)'", call)}
    names |= set(re.findall(r"\bname: '([a-z][A-Za-z]+)'", source))  # what the head says of the figures' age
    assert len(names) > 25
    for name in names:
        attribute = "data-" + re.sub("([A-Z])", r"-\1", name).lower()
        assert f"{attribute}=" in page, name
