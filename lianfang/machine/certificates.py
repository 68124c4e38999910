"""What the local authority's certificates say: made from keys, names and dates, without touching a file."""

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3652)
SERVER_LIFE = timedelta(days=397)  # the longest that every browser accepts
RENEW_BEFORE = timedelta(days=30)
SLOW_CLOCKS = timedelta(days=2)  # a phone two days behind still finds the certificate valid

LOCAL_DOMAINS = ("localhost", "lan", "local")
_PRIVATE = "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1/128 fc00::/7 fe80::/10"
PRIVATE_NETWORKS = tuple(ipaddress.ip_network(network) for network in _PRIVATE.split())

Key = ec.EllipticCurvePrivateKey
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_USAGES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
]


def authority_certificate(
    *, key: Key, names: Iterable[str], addresses: Iterable[Address], at: datetime
) -> x509.Certificate:
    """A root that may sign for local domains and private networks whole, and of all else for these names and
    addresses alone."""
    serial = x509.random_serial_number()
    # The serial's head tells two installations' authorities apart in a phone's list.
    name = _name(f"联防 Lianfang {f'{serial:040x}'[:8]}")
    return (
        _begun(
            subject=name,
            issuer=name,
            key=key,
            issuer_key=key,
            at=at,
            until=at + AUTHORITY_LIFE,
            serial=serial,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names, addresses), None), critical=True)
        .sign(key, hashes.SHA256())
    )


def server_certificate(
    *,
    authority: x509.Certificate,
    authority_key: Key,
    key: Key,
    covers: x509.SubjectAlternativeName,
    at: datetime,
) -> x509.Certificate:
    until = min(at - SLOW_CLOCKS + SERVER_LIFE, authority.not_valid_after_utc)
    begun = _begun(
        subject=_name("lianfang.lan"),
        issuer=authority.subject,
        key=key,
        issuer_key=authority_key,
        at=at,
        until=until,
        serial=x509.random_serial_number(),
    )
    return (
        begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(covers, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def what_it_may_sign(
    authority: x509.Certificate, names: Iterable[str], addresses: Iterable[Address]
) -> x509.SubjectAlternativeName:
    """Those of the names and addresses that the authority may sign for; one outside would spoil the certificate."""
    permitted = (
        authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    )
    domains = [general.value for general in permitted if isinstance(general, x509.DNSName)]
    subnets = [ipaddress.ip_network(g.value) for g in permitted if isinstance(g, x509.IPAddress)]
    fitting: list[x509.GeneralName] = [x509.DNSName(name) for name in names if _within(name, domains)]
    fitting += [x509.IPAddress(a) for a in addresses if any(a in subnet for subnet in subnets)]
    return x509.SubjectAlternativeName(fitting)


def is_still_good(
    found: x509.Certificate, *, authority: x509.Certificate, covers: x509.SubjectAlternativeName, at: datetime
) -> bool:
    """Whether a server certificate found on disk can stay as it is."""
    covered = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    issuer = found.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    lasts = min(SERVER_LIFE, authority.not_valid_after_utc - at)
    return (
        found.not_valid_after_utc - at > min(RENEW_BEFORE, lasts / 2)
        and set(covered) == set(covers)
        and found.issuer == authority.subject
        and issuer == x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())  # type: ignore[arg-type]
    )


def _permitted(names: Iterable[str], addresses: Iterable[Address]) -> list[x509.GeneralName]:
    others = [name for name in names if not _within(name, LOCAL_DOMAINS)]
    single = [ipaddress.ip_network(a) for a in addresses if not any(a in n for n in PRIVATE_NETWORKS)]
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in [*LOCAL_DOMAINS, *others]]
    return permitted + [x509.IPAddress(network) for network in [*PRIVATE_NETWORKS, *single]]


def _within(name: str, domains: Iterable[str]) -> bool:
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def _begun(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    issuer_key: Key,
    at: datetime,
    until: datetime,
    serial: int,
) -> x509.CertificateBuilder:
    """What every certificate says."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(at - SLOW_CLOCKS)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*granted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in granted for usage in _USAGES})
