"""The processes of `lianfang serve`: two listeners on one site, the worker, and a watch over both and the database."""

import argparse
import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
import uvloop

from lianfang.machine.postgres import Cluster
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from lianfang.doors.site import Site

log = logging.getLogger("lianfang.serve")

WATCH_EVERY = 0.5  # seconds between looks at the database and the worker
FAREWELL = 5  # seconds open requests get to finish


@dataclass(frozen=True, slots=True)
class Places:
    """Where the site listens: http on the loopback, https there too or on the whole network."""

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
    def https_host(self) -> str:
        return "0.0.0.0" if self.lan else "127.0.0.1"  # noqa: S104 -- asked for by --lan

    def check(self) -> None:
        """A taken port is said before anything is started."""
        for host, port in (("127.0.0.1", self.http_port), (self.https_host, self.https_port)):
            if port:
                _bind(host, port).close()


def _bind(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Trouble(
            f"端口 {port} 已被占用，请换一个（--port / --https-port）。",
            f"Port {port} is taken: choose another (--port / --https-port).",
        ) from error
    return listener


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: two of them share one process, and one of us answers signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(*, cluster: Cluster, places: Places, welcome: Callable[[Places], None]) -> int:
    """Runs until told to stop."""
    _allow_many_connections()
    uvloop.run(_serve(cluster, places, welcome))
    return 0


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else soft, hard))


async def _serve(cluster: Cluster, places: Places, welcome: Callable[[Places], None]) -> None:
    from lianfang.project.asgi import site  # noqa: PLC0415 -- after Django is set up

    app = site()
    servers = _servers(app, places)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    running = [asyncio.create_task(server.serve(sockets=[listener])) for server, listener in servers]
    while not all(server.started for server, _ in servers) and not any(task.done() for task in running):
        await asyncio.sleep(0.01)
    watch = asyncio.create_task(_watch(cluster))
    welcome(places)
    await asyncio.wait({asyncio.create_task(stopping.wait()), *running}, return_when=asyncio.FIRST_COMPLETED)
    app.close_streams()
    for server, _ in servers:
        server.should_exit = True
    await asyncio.gather(*running, return_exceptions=True)
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)


def _servers(app: "Site", places: Places) -> list[tuple[_Server, socket.socket]]:
    common = {
        "app": app,
        "log_level": "warning",
        "access_log": False,  # addresses and times of travellers' phones are nobody's business
        "http": "httptools",
        "lifespan": "on",
        "server_header": False,
        "backlog": 4096,
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": FAREWELL,
        "proxy_headers": places.behind_proxy,
    }
    servers = [(_Server(uvicorn.Config(**common)), _bind("127.0.0.1", places.http_port))]  # type: ignore[arg-type]
    if places.https_port:
        tls = {"ssl_certfile": places.certificate, "ssl_keyfile": places.key}
        listener = _bind(places.https_host, places.https_port)
        servers.append((_Server(uvicorn.Config(**common, **tls)), listener))  # type: ignore[arg-type]
    return servers


async def _watch(cluster: Cluster) -> None:
    """Brings a killed database back, and the worker; ends the worker when cancelled."""
    worker = _worker()
    try:
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                if await asyncio.to_thread(cluster.ensure_alive):
                    log.warning("the database was brought back")
            except Exception:
                log.exception("the database does not come back, trying again")
            if worker.poll() is not None:
                log.warning("the worker ended (%s), starting another", worker.returncode)
                worker = _worker()
    finally:
        worker.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(10)
        if worker.poll() is None:
            worker.kill()


def _worker() -> subprocess.Popen[bytes]:
    """Its own session: Ctrl-C in the terminal reaches us alone, and we end it in order."""
    command = [sys.executable, "-m", "lianfang", "work", "--parent", str(os.getpid())]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 -- our own program
