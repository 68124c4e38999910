"""Who reads which fact. Each reader is one step that reads everything new, repeated by the worker."""

from collections.abc import Callable

from lianfang.kernel.reach import Reach
from lianfang.situation.fold import catch_up


def board(worker: Reach) -> None:
    """Passages, registrations and corrections → the board's cells."""
    catch_up(worker)


READERS: tuple[Callable[[Reach], None], ...] = (board,)
