"""The local authority, as phones are handed it."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.conf import settings

from lianfang.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificate, and its fingerprint as phones show it (AB:CD:…)."""

    der: bytes
    fingerprint: str


def the_authority() -> Authority | None:
    """None when this installation has none: `lianfang serve --lan` or `lianfang tls init` makes it."""
    path = settings.DATA.tls / "authority.pem"
    if not path.exists():
        return None
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return Authority(
        certificate.public_bytes(serialization.Encoding.DER),
        certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def authority_or_refuse() -> Authority:
    found = the_authority()
    if found is None:
        raise NotFound(
            "NO_AUTHORITY",
            "本平台没有本地证书：在服务器上运行 lianfang tls init，或这里用的是单位自备的证书。",
            "There is no local authority here: run `lianfang tls init` on the server, or this site has a certificate of its own.",
        )
    return found
