import io
import os
import pty
from contextlib import suppress

from lianfang.machine.progress import telling


def test_a_log_gets_a_line_for_each_step_and_one_when_it_is_done():
    log = io.StringIO()
    with telling(log) as progress:
        progress.step("装入行政区划", "Loading the registers")
        for done in range(1, 2_852):
            progress.count(done, 2_851)
    assert (
        log.getvalue()
        == "装入行政区划 · Loading the registers\n装入行政区划 · Loading the registers 2,851/2,851\n"
    )


def everything_on(terminal: int) -> str:
    """All that was written before the other side closed: a terminal hands it over in pieces, then fails with EIO."""
    pieces = []
    with os.fdopen(terminal, "rb", buffering=0) as read, suppress(OSError):
        while piece := read.read(65536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def test_a_terminal_gets_a_bar_that_ends_with_a_tick():
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, telling(terminal) as progress:
        progress.step("正在启动数据库", "Starting")
        progress.step("装入行政区划", "Loading")
        progress.count(12, 12)
    shown = everything_on(ours)
    assert "正在启动数据库 · Starting" in shown
    assert "✓" in shown
    assert "12/12" in shown
