"""lianfang psql …: the database's own command line, as the owner; further words go to psql."""

import argparse
import os
import subprocess

from lianfang.console.database import running


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", choices=("owner", "app", "intake", "purge"), default="owner")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="传给 psql 的参数 / handed to psql")


def run(options: argparse.Namespace) -> int:
    with running() as cluster:
        place = cluster.database.parameters(options.role)
        names = {
            "host": "PGHOST",
            "port": "PGPORT",
            "user": "PGUSER",
            "password": "PGPASSWORD",
            "dbname": "PGDATABASE",
        }
        environment = {**os.environ, **{names[key]: str(value) for key, value in place.items()}}
        psql = cluster.binaries.program("psql")
        words = [word for word in options.rest if word != "--"]
        return subprocess.run([psql, *words], env=environment, check=False).returncode  # noqa: S603 -- the operator's words
