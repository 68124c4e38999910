"""The configuration profile through which an iPhone installs the local authority."""

import hashlib
import plistlib
import uuid

NAME = "联防 本地证书"
DESCRIPTION = "让这台手机信任本单位的联防服务器。Lets this phone trust this site's Lianfang server."


def mobileconfig(authority_der: bytes) -> bytes:
    """The profile; the same authority always gives the same one, so that installing it twice leaves one."""
    fingerprint = hashlib.sha256(authority_der).hexdigest()
    identifier = f"lan.lianfang.authority.{fingerprint[:16]}"
    root = {
        **_payload("com.apple.security.root", f"{identifier}.root"),
        "PayloadCertificateFileName": "lianfang.cer",
        "PayloadContent": authority_der,
    }
    whole = {
        **_payload("Configuration", identifier),
        "PayloadDescription": DESCRIPTION,
        "PayloadContent": [root],
    }
    return plistlib.dumps(whole)


def _payload(kind: str, identifier: str) -> dict[str, object]:
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, identifier)).upper(),
        "PayloadDisplayName": NAME,
    }
