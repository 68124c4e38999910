"""Who reads which fact. Each reader is one step, repeated by the worker; it returns True when there may be more."""

from collections.abc import Callable

from lianfang.kernel.reach import Reach
from lianfang.situation.fold import fold


def board(worker: Reach) -> bool:
    """Passages, registrations and corrections → the board's cells."""
    return fold(worker).moved


READERS: tuple[Callable[[Reach], bool], ...] = (board,)
