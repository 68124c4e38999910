"""Pages for everybody: how a phone gets in, what the city holds, errors in both languages, the phone's program."""

import gzip
import json
import os
import plistlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, path
from django.utils.translation import override

from lianfang.doors.guard import public
from lianfang.doors.hq.turn_back_words import never_turned_back
from lianfang.doors.public import phone_app
from lianfang.doors.public.holdings import holdings
from lianfang.doors.words import MEASURES, RULE_FACTS
from lianfang.machine.authority import ensure
from lianfang.machine.data_folder import DataFolder
from lianfang.screening.form import FACTS
from tests.doors.desk import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder of its own: certificates come and go."""
    folder = DataFolder.open(tmp_path / "data")
    monkeypatch.setattr(settings, "DATA", folder)
    return folder


def test_a_stranger_reads_what_this_is() -> None:
    page = text(Client().get("/"))
    for address in ("/sign-in", "/wall", "/start", "/privacy"):
        assert f'href="{address}"' in page


def test_the_start_page_leads_to_the_authority_on_android_and_iphone(data: DataFolder) -> None:
    made = ensure(data.tls, names=[], addresses=[], at=datetime.now(UTC))
    page = text(Client().get("/start"))
    assert made.fingerprint_sha256 in page
    assert "/authority.crt" in page
    assert "/authority.mobileconfig" in page
    assert f'data-secure-address="{settings.HTTPS_PORT}"' in page
    for state in ("checking", "secure", "untrusted", "insecure"):
        assert f'data-when="{state}"' in page


def test_the_authority_is_handed_out_as_phones_take_it(data: DataFolder) -> None:
    made = ensure(data.tls, names=[], addresses=[], at=datetime.now(UTC))
    certificate = Client().get("/authority.crt")
    assert certificate["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(certificate.content).public_bytes
    assert certificate.content == made.authority_der
    profile = Client().get("/authority.mobileconfig")
    assert profile["Content-Type"] == "application/x-apple-aspen-config"
    assert plistlib.loads(profile.content)["PayloadContent"][0]["PayloadContent"] == made.authority_der


@pytest.mark.parametrize("address", ["/authority.crt", "/authority.mobileconfig"])
def test_without_an_authority_a_sentence_says_so(data: DataFolder, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert "lianfang tls init" in text(response)
    assert "没有自签证书" in text(Client().get("/start"))


def test_the_check_of_trust_is_a_script_that_does_nothing() -> None:
    response = Client().get("/start/check.js")
    assert response["Content-Type"] == "text/javascript"
    assert response.content.decode().startswith("//")


def test_the_public_page_says_what_is_held_why_and_until_when() -> None:
    page = text(Client().get("/privacy"))
    for holding in holdings():
        assert str(holding.what) in page
        assert str(holding.until) in page


def test_it_names_every_fact_that_rules_may_look_at() -> None:
    """No more, no less: whoever adds one to the form of rules adds it here."""
    page = text(Client().get("/privacy")).partition('data-testid="decided"')[2].partition("</section>")[0]
    assert set(RULE_FACTS) == set(FACTS)
    for word in (*RULE_FACTS.values(), *MEASURES.values()):
        assert str(word) in page, word
    for sentence in ("年龄由证件号算出", "指挥部的命令可以另加问题，由工作人员念给您听"):
        assert sentence in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_is_told_alike_who_is_never_turned_back(language: str) -> None:
    """Travellers by the notice, the barrier by its phone, officers by their page, in one sentence made from the rules' own list."""
    with override(language):
        sentence = never_turned_back()
    client = Client()
    client.cookies["django_language"] = language
    assert sentence in text(client.get("/privacy"))
    phone = settings.BASE_DIR / "phone" / "src" / "i18n" / ("en" if language == "en" else "zh-Hans")
    assert f"never: '{sentence}'" in (phone / "rules.ts").read_text(encoding="utf-8")


def test_the_house_says_that_it_stands() -> None:
    assert Client().get("/healthz").json() == {"ok": True, "database": True}


def test_a_missing_page_is_a_page_in_both_languages_and_json_for_programs() -> None:
    response = Client().get("/nowhere")
    assert response.status_code == 404
    assert "没有这一页" in text(response)
    assert "There is no such page" in text(response)
    answer = Client().get("/api/v1/nowhere")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_SUCH_ADDRESS")


def test_a_wrong_method_is_refused_with_the_right_one() -> None:
    response = Client().delete("/privacy")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    answer = Client().put("/api/v1/enrolments")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "METHOD")


def test_an_unknown_host_is_refused() -> None:
    assert Client(headers={"Host": "evil.example"}).get("/").status_code == 400


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("something private: 辽C12345")


urlpatterns = [
    path("broken", broken),
    path("api/broken", broken),
    *get_resolver("lianfang.project.urls").url_patterns,
]
handler500 = "lianfang.doors.public.errors.server_error"


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_shows_nothing_of_its_cause() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/broken")
    assert response.status_code == 500
    page = text(response)
    assert "服务器出了差错" in page
    assert "辽C12345" not in page
    assert client.get("/api/broken").json()["error"]["code"] == "SERVER_ERROR"


@pytest.mark.parametrize(
    "address", ["/", "/start", "/privacy", "/sign-in", "/healthz", "/nowhere", "/api/v1/nowhere"]
)
def test_every_answer_carries_the_policy(address: str) -> None:
    policy = Client().get(address)["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


class TestThePhone:
    @pytest.fixture
    def built(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """What a build leaves."""
        dist = tmp_path / "dist"
        files = {
            "index.html": "<!doctype html><title>卡口登记</title>",
            "sw.js": "self.skipWaiting()",
            "manifest.webmanifest": json.dumps({"name": "联防"}),
            "grid.html": "<!doctype html><title>网格手机</title>",
            "grid/sw.js": "self.skipWaiting()",
            "grid/manifest.webmanifest": json.dumps({"name": "网格手机"}),
            "assets/index-BnDpxR41.js": "console.log(1)" * 200,
            "assets/reader-Xy.wasm": "wasm",
        }
        for name, content in files.items():
            (dist / name).parent.mkdir(parents=True, exist_ok=True)
            (dist / name).write_text(content)
        script = dist / "assets/index-BnDpxR41.js"
        script.with_name(script.name + ".gz").write_bytes(gzip.compress(script.read_bytes()))
        monkeypatch.setattr(phone_app, "BUILT", dist)
        phone_app._files.cache_clear()
        return dist

    @staticmethod
    def fetch(address: str, **headers: str) -> tuple[HttpResponse, bytes]:
        response = Client(headers=headers or None).get(address)
        body = response.getvalue()
        response.close()
        return response, body

    def test_the_page_is_always_asked_for_again(self, built: Path) -> None:
        for address in ("/phone/", "/phone/index.html"):
            response, body = self.fetch(address)
            assert response.status_code == 200
            assert response["Cache-Control"] == "no-cache"
            assert response["Content-Type"].startswith("text/html")
            assert "卡口登记" in body.decode()

    def test_it_may_run_webassembly_and_nothing_inline(self, built: Path) -> None:
        response, _ = self.fetch("/phone/")
        assert "script-src 'self' 'wasm-unsafe-eval';" in response["Content-Security-Policy"]

    def test_the_worker_is_allowed_the_whole_phone_and_never_kept(self, built: Path) -> None:
        response, _ = self.fetch("/phone/sw.js")
        assert response["Service-Worker-Allowed"] == "/phone/"
        assert response["Cache-Control"] == "no-cache"
        assert response["Content-Type"].startswith("text/javascript")

    def test_files_named_by_their_content_are_kept_for_ever(self, built: Path) -> None:
        response, _ = self.fetch("/phone/assets/index-BnDpxR41.js")
        assert "immutable" in response["Cache-Control"]

    def test_a_compressed_file_is_sent_where_one_was_built(self, built: Path) -> None:
        response, body = self.fetch("/phone/assets/index-BnDpxR41.js", **{"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert gzip.decompress(body).startswith(b"console.log")

    @pytest.mark.parametrize(
        "address",
        [
            "/phone/",
            "/phone/sw.js",
            "/phone/icon-192.png",
            "/phone/assets/index-BnDpxR41.js",
            "/grid/",
            "/grid/sw.js",
        ],
    )
    def test_what_a_browser_keeps_is_found_again_whatever_language_it_asks_in(
        self, built: Path, address: str
    ) -> None:
        response = self.fetch(address, **{"Accept-Language": "ru"})[0]
        assert "Accept-Language" not in response.get("Vary", "")

    def test_each_file_has_its_type(self, built: Path) -> None:
        assert self.fetch("/phone/manifest.webmanifest")[0]["Content-Type"] == "application/manifest+json"
        assert self.fetch("/phone/assets/reader-Xy.wasm")[0]["Content-Type"] == "application/wasm"

    def test_the_grid_worker_s_page_and_its_worker_are_always_asked_for_again(self, built: Path) -> None:
        response, body = self.fetch("/grid/")
        assert (response.status_code, response["Cache-Control"]) == (200, "no-cache")
        assert response["X-Robots-Tag"] == "noindex"
        assert "网格手机" in body.decode()
        worker = self.fetch("/grid/sw.js")[0]
        assert worker["Cache-Control"] == "no-cache"
        assert worker["Content-Type"].startswith("text/javascript")
        assert self.fetch("/grid/manifest.webmanifest")[0]["Content-Type"] == "application/manifest+json"

    def test_the_grid_worker_s_page_may_run_nothing_inline_and_has_no_camera(self, built: Path) -> None:
        response, _ = self.fetch("/grid/")
        assert "script-src 'self';" in response["Content-Security-Policy"]
        assert "camera=()" in response["Permissions-Policy"]

    def test_under_grid_nothing_else_of_the_build_is_served(self, built: Path) -> None:
        for address in ("/grid/index.html", "/grid/grid.html", "/grid/..%2fsw.js"):
            assert Client().get(address).status_code == 404

    def test_without_its_slash_the_page_is_found_all_the_same(self, built: Path) -> None:
        response = Client().get("/grid")
        assert (response.status_code, response["Location"]) == (302, "/grid/")

    def test_nothing_outside_the_build_is_served(self, built: Path) -> None:
        (built.parent / "secret.txt").write_text("secret")
        for address in ("/phone/../secret.txt", "/phone/%2e%2e/secret.txt", "/phone/nothing.js"):
            assert Client().get(address).status_code == 404

    def test_a_new_build_is_seen_without_a_restart(self, built: Path) -> None:
        self.fetch("/phone/")
        (built / "index.html").write_text("<!doctype html><title>二</title>")
        os.utime(built / "index.html", (1, 2))
        assert "二" in self.fetch("/phone/")[1].decode()

    def test_before_the_build_the_page_names_the_command(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(phone_app, "BUILT", tmp_path / "nothing")
        response = Client().get("/phone/")
        assert response.status_code == 503
        assert "make setup" in text(response)
