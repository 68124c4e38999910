"""Questions about officers, their sessions, and the displays that nobody signs in at."""

from lianfang.command.queries.accounts import OwnAccount, own_account
from lianfang.command.queries.displays import DisplayLine, displays
from lianfang.command.queries.officers import MOST_COLLEAGUES, Colleague, colleagues
from lianfang.command.queries.sessions import (
    LastSignIn,
    SessionLine,
    display_of_token,
    last_sign_in,
    open_sessions,
    session_end,
    session_reach,
)

__all__ = [
    "MOST_COLLEAGUES",
    "Colleague",
    "DisplayLine",
    "LastSignIn",
    "OwnAccount",
    "SessionLine",
    "colleagues",
    "display_of_token",
    "displays",
    "last_sign_in",
    "open_sessions",
    "own_account",
    "session_end",
    "session_reach",
]
