"""What the figures were measured with: versions, processor, file system. Nothing that names the machine."""

import importlib.metadata
import os
import platform
from pathlib import Path

from lianfang import __version__
from lianfang.machine.postgres import Cluster


def versions(cluster: Cluster) -> dict[str, str | int]:
    return {
        "lianfang": __version__,
        "python": platform.python_version(),
        "postgresql": cluster.binaries.version,
        **{name: importlib.metadata.version(name) for name in ("uvicorn", "asyncpg", "msgspec", "psycopg")},
        "cpu": processor(Path("/proc/cpuinfo").read_text()),
        "cpus": len(os.sched_getaffinity(0)),
        "file_system": file_system(cluster.data.postgres.resolve(), Path("/proc/self/mounts").read_text()),
    }


def processor(cpuinfo: str) -> str:
    """The processor's name; the architecture where /proc/cpuinfo tells none."""
    names = (line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name"))
    return next(names, platform.machine())


def file_system(path: Path, mounts: str) -> str:
    """The kind of file system a path lies on: ext4, xfs, … (tmpfs would mean that nothing was durable)."""
    places = [line.split()[1:3] for line in mounts.splitlines() if line]
    above = [(place, kind) for place, kind in places if path.is_relative_to(place)]
    return max(above, key=lambda mount: len(mount[0]))[1] if above else "?"
