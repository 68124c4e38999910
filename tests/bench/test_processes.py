import os
import subprocess
import sys

from lianfang.bench.processes import (
    Cost,
    Watched,
    all_stats,
    busy,
    children,
    look,
    part_of,
    read_stat,
    role_of,
)


def test_a_stat_line_is_read_whatever_the_process_calls_itself() -> None:
    line = "4711 (a ) b (c) S 12 4711 4711 0 -1 4194560 900 80 0 0 250 50 7 3 20 0 1 0 1000 10 5"
    stat = read_stat(line)
    assert (stat.pid, stat.parent, stat.own, stat.reaped) == (4711, 12, 300, 10)


def test_our_own_process_and_its_children_are_found() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in children(os.getpid())
        assert {os.getpid(), child.pid} <= {stat.pid for stat in all_stats()}
    finally:
        child.communicate(b"\n")


def test_the_parts_of_postgresql_are_told_by_their_titles() -> None:
    assert part_of("postgres: lianfang_intake lianfang [local] INSERT") == "intake"
    assert part_of("postgres: lianfang_app lianfang [local] idle") == "fold"
    assert part_of("postgres: checkpointer ") == "rest"
    assert part_of("/usr/lib/postgresql/15/bin/postgres -D /somewhere") == "rest"


def test_costs_are_the_difference_of_two_looks() -> None:
    watched = Watched(server=os.getpid(), postmaster=os.getpid())
    before = look(watched)
    while (spent := look(watched) - before).server < 0.02:
        pass
    assert spent.postgresql > 0.01  # the same process, named twice here


def test_a_session_that_ended_meanwhile_never_makes_a_cost_negative() -> None:
    assert Cost(2, 1, 3, 0, 1, 9) - Cost(1, 1, 1, 2, 0, 4) == Cost(1, 0, 2, 0, 1, 5)


def test_serve_its_web_processes_and_its_worker_are_told_by_their_command_lines() -> None:
    assert role_of("/venv/bin/python\0-m\0lianfang\0work\0--parent\x0012\0") == "work"
    assert role_of("/venv/bin/python\0-m\0lianfang\0web\0--port\x008000\0") == "web"
    assert role_of("/venv/bin/python\0work\0") == ""
    assert role_of("") == ""


def test_the_machine_is_busy_when_it_neither_idles_nor_waits() -> None:
    assert busy("cpu  10 20 30 4000 500 1 2 3 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n") == 66
