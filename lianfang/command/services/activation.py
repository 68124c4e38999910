"""Activation: the one-time link with which an officer begins, at first or anew after losing password or phone."""

from datetime import datetime, timedelta

from lianfang.command.models import Officer
from lianfang.kernel.reach import Reach

ACTIVATION_LASTS = timedelta(hours=72)


def make_activation_link(*, officer: Officer, by: Reach | None, at: datetime) -> str:
    """The token of a new link, shown once; its address is `/activate/TOKEN`. `by` None: at the server's command line.

    Whoever is sent a link begins anew: password, second factor, recovery codes, sessions and earlier links end here.
    """
    raise NotImplementedError


def activate(*, token: str, password: str, at: datetime) -> Officer:
    """The officer whose link it was, with this password from now on."""
    raise NotImplementedError
