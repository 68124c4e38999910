"""A certificate authority of this installation, so that phones on the local network speak HTTPS with it.

A browser gives a page its camera and its offline store only over HTTPS. A city's cellar has no public name, so the
authority is local and each phone is told once to trust it. Its key may sign for this machine's names, the local
domains and private addresses only (critical name constraints): stolen, it cannot pretend to be a bank.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lianfang.machine import certificates, private_files
from lianfang.machine.certificates import RENEW_BEFORE, Address, Key

LOCAL_NAMES = ("localhost", "lianfang.lan")
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificates:
    """Files for the server, and what to hand to phones.

    `names` and `addresses` are what the server's certificate covers: a name that the authority may not sign for is not
    among them. `fingerprint_sha256` is the authority's, as phones show it (AB:CD:…).
    """

    authority_pem: Path
    authority_der: bytes
    server_cert: Path
    server_key: Path
    not_after: datetime
    fingerprint_sha256: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]


def ensure(tls_folder: Path, names: Iterable[str], addresses: Iterable[str], at: datetime) -> Certificates:
    """The authority, made once, and a server certificate for `names` and `addresses`, renewed when it has to be.

    Renewed 30 days before its end or when names or addresses changed; the authority stays, since every phone would
    have to be told of a new one. `localhost`, `lianfang.lan` and the loopback addresses are always covered.
    """
    tls_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    hosts = list(dict.fromkeys([*LOCAL_NAMES, *(name.lower() for name in names if name and name.isascii())]))
    places = [ipaddress.ip_address(address) for address in dict.fromkeys([*LOOPBACK, *addresses])]
    with private_files.locked(tls_folder / "lock"):
        authority = _ensure_authority(tls_folder, hosts, places, at)
        covers = certificates.what_it_may_sign(authority, hosts, places)
        server = _ensure_server(tls_folder, authority, covers, at)
    return _described(tls_folder, authority, server, covers)


def _ensure_authority(
    folder: Path, names: list[str], addresses: list[Address], at: datetime
) -> x509.Certificate:
    path = folder / "authority.pem"
    found = _read(path)
    if found and found.not_valid_after_utc - at > RENEW_BEFORE:
        return found
    key = _key(folder / "authority.key")
    return _written(
        path, certificates.authority_certificate(key=key, names=names, addresses=addresses, at=at)
    )


def _ensure_server(
    folder: Path, authority: x509.Certificate, covers: x509.SubjectAlternativeName, at: datetime
) -> x509.Certificate:
    path, key = folder / "server.pem", _key(folder / "server.key")
    found = _read(path)
    if found and certificates.is_still_good(found, authority=authority, covers=covers, at=at):
        return found
    authority_key = _key(folder / "authority.key")
    made = certificates.server_certificate(
        authority=authority, authority_key=authority_key, key=key, covers=covers, at=at
    )
    return _written(path, made)


def _described(
    folder: Path, authority: x509.Certificate, server: x509.Certificate, covers: x509.SubjectAlternativeName
) -> Certificates:
    return Certificates(
        authority_pem=folder / "authority.pem",
        authority_der=authority.public_bytes(serialization.Encoding.DER),
        server_cert=folder / "server.pem",
        server_key=folder / "server.key",
        not_after=server.not_valid_after_utc,
        fingerprint_sha256=authority.fingerprint(hashes.SHA256()).hex(":").upper(),
        names=tuple(covers.get_values_for_type(x509.DNSName)),
        addresses=tuple(map(str, covers.get_values_for_type(x509.IPAddress))),
    )


def _key(path: Path) -> Key:
    """The key in the file, made if there is none. It outlives its certificates, so the two on disk always fit."""
    fresh = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = serialization.load_pem_private_key(private_files.write_once(path, fresh), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no elliptic curve key")
    return key


def _read(path: Path) -> x509.Certificate | None:
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None


def _written(path: Path, certificate: x509.Certificate) -> x509.Certificate:
    private_files.replace(path, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return certificate
