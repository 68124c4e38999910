"""Where the site listens: http on the loopback, https there too or on the whole network."""

import argparse
import os
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lianfang.machine.trouble import Trouble

BACKLOG = 4096
PATIENCE = 3.0  # seconds that web processes of a server that was killed need to notice and let go of the port


@dataclass(frozen=True, slots=True)
class Places:
    """Ports and certificate. A port that is 0 is not used."""

    http_port: int
    https_port: int
    lan: bool
    behind_proxy: bool
    certificate: Path | None
    key: Path | None

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Places":
        certificate, key = options.tls_cert, options.tls_key
        if options.https_port and not certificate:
            from lianfang.console.tls import certificates  # noqa: PLC0415 -- needs the data folder

            made = certificates()
            certificate, key = made.server_cert, made.server_key
        return cls(
            options.port,
            options.https_port,
            options.lan,
            options.behind_proxy,
            Path(certificate) if certificate else None,
            Path(key) if key else None,
        )

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """http first, then https if it is used."""
        https_host = "0.0.0.0" if self.lan else "127.0.0.1"  # noqa: S104 -- asked for by --lan
        return [("127.0.0.1", self.http_port), *([(https_host, self.https_port)] if self.https_port else [])]

    def words(self) -> list[str]:
        """The same as arguments of a web process."""
        words = ["--port", str(self.http_port), "--https-port", str(self.https_port)]
        words += ["--tls-cert", str(self.certificate), "--tls-key", str(self.key)] if self.certificate else []
        return words + ["--lan"] * self.lan + ["--behind-proxy"] * self.behind_proxy

    def reserve(self) -> ExitStack:
        """Takes the ports for our own processes; a port that somebody else holds is said before anything starts."""
        held = ExitStack()
        for host, port in self.addresses:
            _await_free(host, port)
            held.enter_context(bound(host, port))
        return held


def bound(host: str, port: int) -> socket.socket:
    """A socket on the port that other processes of ours may share: the kernel deals connections out among them."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def _await_free(host: str, port: int) -> None:
    """Tried without sharing, so that two cities never answer on one port."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Trouble(
                        f"端口 {port} 已被占用，请换一个（--port / --https-port）。",
                        f"Port {port} is taken: choose another (--port / --https-port).",
                    ) from error
        time.sleep(0.1)


def add_places(parser: argparse.ArgumentParser) -> None:
    """The options that say where to listen."""
    parser.add_argument("--port", type=int, default=8000, help="本机 http 端口 / http port on this machine")
    parser.add_argument(
        "--https-port", type=int, default=8443, help="https 端口，0 为不用 / https port, 0: none"
    )
    parser.add_argument(
        "--lan", action="store_true", help="向局域网开放 https / open https to the local network"
    )
    parser.add_argument("--tls-cert", metavar="FILE", help="自备证书 / your own certificate (PEM)")
    parser.add_argument("--tls-key", metavar="FILE", help="自备私钥 / its key (PEM)")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="前面有终结 TLS 的代理 / a proxy in front ends TLS"
    )


def settle(options: argparse.Namespace) -> None:
    """What the settings read from the environment."""
    os.environ["LIANFANG_PROXY"] = "1" if options.behind_proxy else "0"
    os.environ["LIANFANG_HTTPS_PORT"] = str(options.https_port or 8443)
