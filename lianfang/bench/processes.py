"""What processes cost, read from /proc: CPU of a server's web processes, its worker and PostgreSQL, between two looks.

PostgreSQL's processes that end meanwhile are not forgotten: their time is added to their parent's account.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_TITLE = re.compile(r"postgres: (?:lianfang_)?(intake|app)\b")


@dataclass(frozen=True, slots=True)
class Stat:
    """One line of /proc/PID/stat; times in clock ticks, `reaped` those of children that have ended."""

    pid: int
    parent: int
    own: int
    reaped: int


@dataclass(frozen=True, slots=True)
class Watched:
    """The processes a measurement looks at."""

    server: int
    postmaster: int


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of `serve` with its web processes, its worker, PostgreSQL, and the whole machine.

    `intake` and `fold` are parts of `postgresql`: the sessions of those two roles.
    """

    server: float
    worker: float
    postgresql: float
    intake: float
    fold: float
    machine: float

    def __sub__(self, earlier: "Cost") -> "Cost":
        fields = self.__slots__
        return Cost(*(max(0.0, getattr(self, name) - getattr(earlier, name)) for name in fields))


def read_stat(line: str) -> Stat:
    """The name in it may hold spaces and brackets: fields are counted from the last bracket."""
    front, _, rest = line.rpartition(")")
    fields = rest.split()
    user, system, reaped_user, reaped_system = map(int, fields[11:15])
    return Stat(int(front.split(" ", 1)[0]), int(fields[1]), user + system, reaped_user + reaped_system)


def part_of(title: str) -> str:
    """Which part of PostgreSQL a process is, by the title it gives itself: intake, fold or the rest."""
    match = _TITLE.match(title)
    if match is None:
        return "rest"
    return "intake" if match[1] == "intake" else "fold"


def look(watched: Watched) -> Cost:
    """CPU seconds each has used since it began."""
    stats = all_stats()
    postgres = [stat for stat in stats if watched.postmaster in (stat.pid, stat.parent)]
    parts = {"intake": 0, "fold": 0, "rest": 0}
    for stat in postgres:
        parts[part_of(command(stat.pid))] += stat.own
    reaped = sum(stat.reaped for stat in postgres if stat.pid == watched.postmaster)
    family = [stat for stat in stats if watched.server in (stat.pid, stat.parent)]
    worker = sum(stat.own + stat.reaped for stat in family if role_of(command(stat.pid)) == "work")
    server = sum(stat.own for stat in family) - worker
    machine = busy((Path("/proc") / "stat").read_text())
    ticks = (server, worker, sum(parts.values()) + reaped, parts["intake"], parts["fold"], machine)
    return Cost(*(count / TICKS for count in ticks))


def busy(stat: str) -> int:
    """Clock ticks in which the processors did anything, out of /proc/stat; stolen by a host counts, waiting does not."""
    user, nice, system, _idle, _waiting, hard, soft, stolen = map(int, stat.split("\n", 1)[0].split()[1:9])
    return user + nice + system + hard + soft + stolen


def all_stats() -> list[Stat]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append(read_stat((entry / "stat").read_text()))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def children(pid: int) -> list[int]:
    return [stat.pid for stat in all_stats() if stat.parent == pid]


def role_of(line: str) -> str:
    """The sub-command of a `python -m lianfang …` command line: serve, web, work; empty for anything else."""
    words = line.split("\0")
    after = words[words.index("lianfang") + 1 :] if "lianfang" in words else []
    return after[0] if after else ""


def command(pid: int) -> str:
    """A process's command line, its words ended by NUL, or the title it gave itself; empty when it has gone."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
