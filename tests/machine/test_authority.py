"""What the local authority signs, and what a browser's rules make of it."""

import ipaddress
import plistlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from lianfang.machine import certificates
from lianfang.machine.authority import Certificates, ensure
from lianfang.machine.mobileconfig import mobileconfig

NOW = datetime.now(UTC).replace(microsecond=0)  # TLS itself reads the clock


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@pytest.fixture
def tls(tmp_path) -> Path:
    return tmp_path / "tls"


def shake_hands(made: Certificates, name: str) -> None:
    """One TLS handshake over loopback, as a client that trusts the authority and asks for `name`."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.server_cert, made.server_key)
    client = ssl.create_default_context(cafile=made.authority_pem)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):
            theirs.close()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        client.wrap_socket(ours, server_hostname=name).close()
    finally:
        ours.close()
        serving.join()


@pytest.mark.parametrize("name", ["localhost", "lianfang.lan", "cellar", "127.0.0.1", "192.168.1.7"])
def test_a_client_that_trusts_the_authority_accepts_every_covered_name(tls, name):
    shake_hands(ensure(tls, ["cellar"], ["192.168.1.7"], NOW), name)


def test_a_client_refuses_a_name_that_is_not_covered(tls):
    made = ensure(tls, ["cellar"], ["192.168.1.7"], NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="attic"):
        shake_hands(made, "attic")


def test_a_stolen_authority_cannot_pretend_to_be_the_outside_world(tls):
    made = ensure(tls, ["cellar"], [], NOW)
    stolen = serialization.load_pem_private_key((tls / "authority.key").read_bytes(), password=None)
    key = serialization.load_pem_private_key(made.server_key.read_bytes(), password=None)
    forged = certificates.server_certificate(
        authority=read(made.authority_pem),
        authority_key=stolen,
        key=key,
        covers=x509.SubjectAlternativeName([x509.DNSName("bank.example")]),
        at=NOW,
    )
    made.server_cert.write_bytes(forged.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands(made, "bank.example")


def test_the_authority_says_what_it_is_for(tls):
    authority = read(ensure(tls, ["cellar"], ["192.168.1.7"], NOW).authority_pem)
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    names = [g.value for g in constraints.value.permitted_subtrees if isinstance(g, x509.DNSName)]
    assert names == ["localhost", "lan", "local", "cellar"]
    assert authority.public_key().curve.name == "secp256r1"
    assert timedelta(days=3650) < authority.not_valid_after_utc - NOW < timedelta(days=3660)


def test_the_server_certificate_meets_the_rules_of_browsers(tls):
    made = ensure(tls, ["cellar"], ["192.168.1.7"], NOW)
    server = read(made.server_cert)
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=398)
    usage = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert made.names == ("localhost", "lianfang.lan", "cellar")
    assert made.addresses == ("127.0.0.1", "::1", "192.168.1.7")
    assert made.not_after == server.not_valid_after_utc


def test_keys_are_for_their_owner_alone(tls):
    made = ensure(tls, [], [], NOW)
    for key in (made.server_key, tls / "authority.key"):
        assert key.stat().st_mode & 0o777 == 0o600
    assert tls.stat().st_mode & 0o777 == 0o700


def test_nothing_changes_while_names_stay_and_time_is_left(tls):
    before = ensure(tls, ["cellar"], ["192.168.1.7"], NOW)
    again = ensure(tls, ["Cellar"], ["192.168.1.7"], NOW + timedelta(days=300))
    assert again == before
    assert again.server_cert.read_bytes() == before.server_cert.read_bytes()


@pytest.mark.parametrize(
    ("addresses", "later"),
    [
        (["192.168.1.8"], timedelta()),
        (["192.168.1.7"], timedelta(days=370)),
        (["192.168.1.7"], timedelta(days=800)),
    ],
)
def test_the_server_certificate_is_renewed_and_the_authority_stays(tls, addresses, later):
    before = ensure(tls, [], ["192.168.1.7"], NOW)
    serial = read(before.server_cert).serial_number
    after = ensure(tls, [], addresses, NOW + later)
    assert read(after.server_cert).serial_number != serial
    assert after.not_after > NOW + later + timedelta(days=390)
    assert after.addresses[2:] == tuple(addresses)
    assert after.fingerprint_sha256 == before.fingerprint_sha256


def test_an_authority_near_its_end_is_made_anew(tls):
    before = ensure(tls, [], [], NOW)
    after = ensure(tls, [], [], NOW + timedelta(days=3640))
    assert after.fingerprint_sha256 != before.fingerprint_sha256
    assert read(after.server_cert).issuer == read(after.authority_pem).subject


def test_a_server_certificate_does_not_outlive_its_authority_nor_change_at_every_start_then(tls):
    made = ensure(tls, [], [], NOW)
    late = NOW + timedelta(days=3600)
    short = ensure(tls, [], [], late)
    assert short.not_after == read(made.authority_pem).not_valid_after_utc
    assert read(ensure(tls, [], [], late).server_cert).serial_number == read(short.server_cert).serial_number


def test_what_the_authority_may_not_sign_is_left_out_of_the_certificate(tls):
    ensure(tls, ["cellar"], ["59.195.1.2"], NOW)
    moved = ensure(tls, ["attic", "attic.lan", ""], ["59.195.1.2", "59.195.1.3"], NOW)
    assert moved.names == ("localhost", "lianfang.lan", "attic.lan")
    assert moved.addresses == ("127.0.0.1", "::1", "59.195.1.2")


def test_the_fingerprint_is_the_authoritys_as_phones_show_it(tls):
    made = ensure(tls, [], [], NOW)
    assert len(made.fingerprint_sha256.split(":")) == 32
    assert made.fingerprint_sha256 == made.fingerprint_sha256.upper()
    assert x509.load_der_x509_certificate(made.authority_der) == read(made.authority_pem)


def test_an_iphone_gets_a_profile_with_the_root_and_the_same_one_twice(tls):
    made = ensure(tls, [], [], NOW)
    profile = plistlib.loads(mobileconfig(made.authority_der))
    assert profile["PayloadType"] == "Configuration"
    (root,) = profile["PayloadContent"]
    assert root["PayloadType"] == "com.apple.security.root"
    assert root["PayloadContent"] == made.authority_der
    assert root["PayloadUUID"] != profile["PayloadUUID"]
    assert mobileconfig(made.authority_der) == mobileconfig(made.authority_der)


def test_private_networks_are_what_they_say():
    for address in ("10.1.2.3", "172.31.0.1", "192.168.255.1", "fd00::1", "127.0.0.1", "::1"):
        assert any(ipaddress.ip_address(address) in network for network in certificates.PRIVATE_NETWORKS)
    assert not any(ipaddress.ip_address("172.32.0.1") in network for network in certificates.PRIVATE_NETWORKS)
