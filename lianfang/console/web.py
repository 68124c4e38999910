"""lianfang web: the site alone, on a database that runs already; `lianfang serve` starts one or more of these."""

import argparse
import asyncio
import contextlib
import gc
import os
import resource
import signal
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import uvicorn
import uvloop

from lianfang.console.serving.places import BACKLOG, Places, add_places, bound, settle
from lianfang.custody.restoring import require_restored
from lianfang.machine.data_folder import DataFolder

if TYPE_CHECKING:
    from lianfang.doors.site import Site

FAREWELL = 5  # seconds open requests get to finish
LOOK_EVERY = 0.3  # seconds between looks whether the parent is still there


def add(parser: argparse.ArgumentParser) -> None:
    add_places(parser)
    parser.add_argument("--parent", type=int, help="结束于该进程结束时 / stop when this process has gone")
    parser.add_argument(
        "--ready", type=int, metavar="FD", help="就绪时写入 / written to when it takes connections"
    )


def run(options: argparse.Namespace) -> int:
    import django  # noqa: PLC0415 -- its settings read the environment, which is complete only now

    require_restored(DataFolder.open(None))
    settle(options)
    django.setup()
    _allow_many_connections()
    uvloop.run(_serve(Places.of(options), options.parent, options.ready))
    return 0


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536) if hard > 0 else soft, hard))


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: two of them share one process, and one of us answers signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(places: Places, parent: int | None, ready: int | None) -> None:
    from lianfang.project.asgi import site  # noqa: PLC0415 -- after Django is set up

    app = site()
    servers = _servers(app, places)
    running = [
        asyncio.create_task(server.serve(sockets=[bound(host, port)]))
        for server, (host, port) in zip(servers, places.addresses, strict=True)
    ]
    while not all(server.started for server in servers) and not any(task.done() for task in running):
        await asyncio.sleep(0.01)
    gc.freeze()  # what is loaded now stays for good: the collector need not walk it again for every busy second
    if ready is not None:
        os.write(ready, b"1")
    await _until_told(running, parent)
    app.close_streams()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)


async def _until_told(running: list[asyncio.Task[None]], parent: int | None) -> None:
    """Returns on SIGTERM or SIGINT, when a server ended by itself, or when the parent has gone."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set() and not any(task.done() for task in running):
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_EVERY)
        if parent is not None and os.getppid() != parent:
            return


def modern(config: uvicorn.Config, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """TLS 1.2 with forward secrecy and authenticated encryption, or 1.3; uvicorn's usual ciphers for 1.2 are neither."""
    context = usual()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    return context


def _servers(app: "Site", places: Places) -> list[_Server]:
    common = {
        "app": app,
        "log_config": None,  # its errors go where all others go, and as discreetly
        "log_level": "warning",
        "access_log": False,  # addresses and times of travellers' phones are nobody's business
        "http": "httptools",
        "lifespan": "on",
        "server_header": False,
        "backlog": BACKLOG,
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": FAREWELL,
        "proxy_headers": places.behind_proxy,
    }
    servers = [_Server(uvicorn.Config(**common))]  # type: ignore[arg-type]
    if places.https_port:
        tls = {
            "ssl_certfile": places.certificate,
            "ssl_keyfile": places.key,
            "ssl_context_factory": modern,
        }
        servers.append(_Server(uvicorn.Config(**common, **tls)))  # type: ignore[arg-type]
    return servers
