"""A slip and a certificate as PDFs, drawn from the very page that is printed."""

import re
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lianfang.doors.hq import on_paper
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import day_of
from lianfang.quarantine.models import CheckInLink, QuarantineOrder
from tests.doors.desk import text
from tests.doors.handed import handed  # noqa: F401 -- a fixture
from tests.doors.observed import Observed, act, address_of, change, observed  # noqa: F401 -- a fixture

A4 = re.compile(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]")


def inflated(pdf: bytes) -> bytes:
    """What stands in the streams of a PDF, images and fonts among it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


@pytest.fixture
def drawing() -> None:
    """A machine without the library that WeasyPrint draws with runs the other tests."""
    try:
        import weasyprint  # noqa: F401, PLC0415 -- it may not be there
    except OSError:
        pytest.skip("libpangoft2 is not installed")


def released(observed: Observed) -> QuarantineOrder:  # noqa: F811
    one, at = observed.one(name="欧阳小明"), datetime.now(UTC)
    first = day_of(at) - timedelta(days=15)
    change(one, state="RELEASED", day0_on=first, last_on=first + timedelta(days=14), ended_at=at)
    return one


@pytest.mark.usefixtures("drawing")
def test_a_slip_is_taken_along_as_one_page_with_its_letters_in_it(observed: Observed) -> None:  # noqa: F811
    mother, child = observed.family(2)
    orders = [str(mother.id), str(child.id)]
    assert 'data-testid="as-pdf"' in text(observed.city.township.get(f"{address_of(mother)}/slip"))
    answer = act(observed.city.township, mother, "slip", orders=orders, **{"as": "pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    assert len(A4.findall(inflated(answer.content))) == 1  # one page, as the browser prints it
    assert b"CJK" in inflated(answer.content)
    assert CheckInLink.objects.using("owner").filter(revoked_at=None).count() == 1
    assert AuditEntry.objects.using("owner").filter(act="SLIP_PRINTED").exists()


@pytest.mark.usefixtures("drawing")
def test_a_certificate_too_and_nobody_is_named_by_the_file(observed: Observed) -> None:  # noqa: F811
    one = released(observed)
    assert 'data-testid="as-pdf"' in text(observed.city.haicheng.get(address_of(one)))
    answer = act(observed.city.haicheng, one, "certificate", **{"as": "pdf"})
    assert len(A4.findall(inflated(answer.content))) == 1
    assert answer["Content-Disposition"].startswith('attachment; filename="page.pdf"; filename*=UTF-8')
    assert "%E6%AC%A7%E9%98%B3" not in answer["Content-Disposition"]  # 欧阳


@pytest.mark.usefixtures("drawing")
def test_while_it_is_drawn_no_file_is_read_and_nobody_is_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        there = f"http://127.0.0.1:{server.server_port}"
        (tmp_path / "secret.css").write_text("@page { size: A5 }", encoding="utf-8")
        drawn = on_paper._drawn(
            f'<link rel="stylesheet" href="{(tmp_path / "secret.css").as_uri()}">'
            f'<link rel="stylesheet" href="{there}/style.css"><link rel="stylesheet" href="/static/../pyproject.css">'
            f'<img src="{there}/pixel.png"><p>告知书</p>'
        )
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert len(A4.findall(inflated(drawn))) == 1  # not the A5 of the file


def test_where_the_extra_is_not_installed_the_button_is_not_there_and_nothing_is_printed(
    observed: Observed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr(on_paper, "find_spec", lambda name: None)
    monkeypatch.setattr(on_paper, "import_module", missing)
    on_paper.pdf_at_hand.cache_clear()
    try:
        one = observed.one()
        assert "as-pdf" not in text(observed.city.township.get(f"{address_of(one)}/slip"))
        answer = act(observed.city.township, one, "slip", orders=[str(one.id)], **{"as": "pdf"})
    finally:
        on_paper.pdf_at_hand.cache_clear()
    assert answer.status_code == 501
    assert "scripts/setup --pdf" in text(answer)
    assert not CheckInLink.objects.using("owner").exists()
