"""The poster of a checkpoint: an address others reach, for whoever may enrol the checkpoint's phones."""

import pytest
from django.conf import settings
from django.test import override_settings

from lianfang.checkpoints.models import Checkpoint
from tests import factories
from tests.doors.desk import City, text

POSTER = "/desk/checkpoints/GATE/poster"


def test_a_poster_names_the_checkpoint_and_leads_to_its_page(city: City) -> None:
    response = city.haicheng.get(POSTER)
    page = text(response)
    assert "GATE卡口" in page
    assert f":{settings.HTTPS_PORT}/d/GATE" in page
    assert 'src="data:image/svg+xml' in page
    assert "/phone/" not in page
    assert "Show your code at the window" in page


@override_settings(ALLOWED_HOSTS=["lianfang.example.org"])
def test_the_address_is_the_one_others_reach(city: City) -> None:
    page = text(city.haicheng.get(POSTER, secure=True, HTTP_HOST="lianfang.example.org"))
    assert "https://lianfang.example.org/d/GATE" in page


@override_settings(BEHIND_PROXY=True)
def test_a_trusted_site_is_not_warned_about_strangers(city: City) -> None:
    assert "自签的证书" not in text(city.haicheng.get(POSTER))


def test_the_desk_of_the_next_county_has_no_poster_of_it(city: City) -> None:
    assert city.xiuyan.get(POSTER).status_code == 404


def test_a_closed_or_unknown_checkpoint_has_none(city: City) -> None:
    assert city.haicheng.get("/desk/checkpoints/NONE/poster").status_code == 404
    Checkpoint.objects.update(closed_at=Checkpoint.objects.get().opened_at)
    assert city.haicheng.get(POSTER).status_code == 404


def test_the_devices_page_leads_to_it_once_for_each_checkpoint(city: City) -> None:
    for _ in range(2):
        factories.device("GATE")
    assert text(city.haicheng.get("/desk/devices")).count(POSTER) == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_speaks_both_languages_whatever_the_officers(city: City, language: str) -> None:
    page = text(city.haicheng.get(POSTER, HTTP_ACCEPT_LANGUAGE=language))
    assert "过卡口 先扫码" in page
    assert "Scan before the checkpoint" in page
