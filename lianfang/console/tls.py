"""lianfang tls init: the local certificate authority, whose certificate phones on the network are told to trust."""

import argparse
import socket
from datetime import UTC, datetime

from lianfang.console import say
from lianfang.machine.addresses import lan_addresses
from lianfang.machine.authority import Certificates, ensure
from lianfang.machine.data_folder import DataFolder

NAMES = ("localhost", "lianfang.lan")
LOOPBACK = ("127.0.0.1", "::1")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act", choices=("init", "show"), help="init 建立或续期 / make or renew · show 显示 / show"
    )
    parser.add_argument("--name", action="append", default=[], help="另加的主机名 / a further host name")
    parser.add_argument("--json", action="store_true", help="最后一行输出 JSON / print one JSON object")


def run(options: argparse.Namespace) -> int:
    made = certificates(options.name)
    say(
        options,
        f"根证书 / authority   {made.authority_pem}\n指纹 / fingerprint    {made.fingerprint_sha256}\n"
        f"服务器证书 / server   {made.server_cert}\n有效至 / valid until  {made.not_after:%Y-%m-%d}\n"
        f"名称 / names          {', '.join((*made.names, *made.addresses))}",
        authority=str(made.authority_pem),
        fingerprint_sha256=made.fingerprint_sha256,
        not_after=made.not_after.isoformat(),
        names=[*made.names, *made.addresses],
    )
    return 0


def certificates(names: list[str] | None = None) -> Certificates:
    """The authority's and the server's certificates, made or renewed if they must be."""
    return ensure(
        DataFolder.open(None).tls,
        names=[*NAMES, socket.gethostname().lower(), *(names or [])],
        addresses=[*LOOPBACK, *lan_addresses()],
        at=datetime.now(UTC),
    )
