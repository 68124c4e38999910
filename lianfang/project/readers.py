"""Who reads which fact. Each reader is one step that reads everything new, repeated by the worker."""

from collections.abc import Callable

from lianfang.kernel.reach import Reach
from lianfang.situation.fold import fold


def board(worker: Reach) -> None:
    """Passages, registrations and corrections → the board's cells."""
    fold(worker)


READERS: tuple[Callable[[Reach], None], ...] = (board,)
