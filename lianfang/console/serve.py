"""lianfang serve: database, worker and web, in the foreground; stops cleanly on SIGTERM and Ctrl-C."""

import argparse
import os
from contextlib import ExitStack

from lianfang.console.database import running
from lianfang.console.serving.servers import Places, serve
from lianfang.machine.progress import telling


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="本机 http 端口 / http port on this machine")
    parser.add_argument(
        "--https-port", type=int, default=8443, help="https 端口，0 为不用 / https port, 0: none"
    )
    parser.add_argument(
        "--lan", action="store_true", help="向局域网开放 https / open https to the local network"
    )
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--demo", action="store_true", help="演示城市 / a generated city")
    content.add_argument(
        "--empty", action="store_true", help="空平台，打印设置链接 / empty, prints a set-up link"
    )
    parser.add_argument("--tls-cert", metavar="FILE", help="自备证书 / your own certificate (PEM)")
    parser.add_argument("--tls-key", metavar="FILE", help="自备私钥 / its key (PEM)")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="前面有终结 TLS 的代理 / a proxy in front ends TLS"
    )


def run(options: argparse.Namespace) -> int:
    if bool(options.tls_cert) != bool(options.tls_key):
        print("lianfang: --tls-cert 和 --tls-key 要一起给 / go together")
        return 2
    os.environ["LIANFANG_PROXY"] = "1" if options.behind_proxy else "0"
    os.environ["LIANFANG_HTTPS_PORT"] = str(options.https_port)
    with ExitStack() as house:
        with telling() as progress:
            cluster = house.enter_context(running(progress))
            from lianfang.console.serving.furnishing import furnish  # noqa: PLC0415 -- after Django is set up

            places = Places.of(options)
            places.check()
            welcome = furnish(options, progress)
        return serve(cluster=cluster, places=places, welcome=welcome)
