"""What a phone and the server agree on: TLS 1.2 or 1.3, with forward secrecy, and nothing of former days."""

import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lianfang.console.serving.places import Places
from lianfang.console.web import _servers, modern
from lianfang.machine.authority import ensure
from tests.doors.serving import served


async def says_yes(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"yes"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("tls")
    return ensure(folder, names=["localhost"], addresses=["127.0.0.1"], at=datetime.now(UTC))


@pytest.fixture(scope="module")
def port(made: Any) -> Iterator[int]:
    options = {
        "ssl_certfile": made.server_cert,
        "ssl_keyfile": made.server_key,
        "ssl_context_factory": modern,
    }
    with served(says_yes, lifespan="off", **options) as found:
        yield found


def agreed(port: int, made: Any, change: Callable[[ssl.SSLContext], None]) -> tuple[str, str]:
    """The version and cipher that a client of that kind comes to."""
    context = ssl.create_default_context(cafile=str(made.authority_pem))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # for asking for what is deprecated
        change(context)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with plain, context.wrap_socket(plain, server_hostname="localhost") as wrapped:
        return str(wrapped.version()), wrapped.cipher()[0]  # type: ignore[index]


def until(version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> Callable[[ssl.SSLContext], None]:
    def change(context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version
        context.set_ciphers(ciphers)

    return change


def test_a_browser_of_today_speaks_tls_1_3(port: int, made: Any) -> None:
    assert agreed(port, made, lambda context: None)[0] == "TLSv1.3"


def test_an_older_phone_speaks_1_2_with_forward_secrecy_and_authenticated_encryption(
    port: int, made: Any
) -> None:
    version, cipher = agreed(port, made, until(ssl.TLSVersion.TLSv1_2))
    assert version == "TLSv1.2"
    assert cipher.startswith("ECDHE-")
    assert "GCM" in cipher or "CHACHA20" in cipher


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_what_is_older_is_refused(port: int, made: Any, version: ssl.TLSVersion) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        agreed(port, made, until(version))


@pytest.mark.parametrize(
    "ciphers", ["AES256-SHA", "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA", "AES128-GCM-SHA256", "aNULL"]
)
def test_so_is_a_cipher_without_forward_secrecy_or_authentication(port: int, made: Any, ciphers: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        agreed(port, made, until(ssl.TLSVersion.TLSv1_2, f"{ciphers}:@SECLEVEL=0"))


def test_the_house_serves_its_https_so(made: Any) -> None:
    places = Places(
        8000,
        8443,
        lan=True,
        behind_proxy=False,
        certificate=Path(made.server_cert),
        key=Path(made.server_key),
    )
    plain, secure = _servers(says_yes, places)  # type: ignore[arg-type]
    secure.config.load()
    assert plain.config.ssl_certfile is None
    assert secure.config.ssl is not None
    assert secure.config.ssl.minimum_version == ssl.TLSVersion.TLSv1_2
    tls_1_2 = [cipher for cipher in secure.config.ssl.get_ciphers() if cipher["protocol"] == "TLSv1.2"]
    assert tls_1_2
    assert all(cipher["aead"] and cipher["name"].startswith("ECDHE-") for cipher in tls_1_2)
    assert not secure.config.server_header
