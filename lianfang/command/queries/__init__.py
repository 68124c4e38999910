"""Questions about officers, their sessions, and the displays that nobody signs in at."""

from lianfang.command.queries.accounts import Account, own_account
from lianfang.command.queries.displays import DisplayLine, displays
from lianfang.command.queries.officers import (
    MOST_COLLEAGUES,
    OFFICERS_A_PAGE,
    Colleague,
    OfficerFile,
    OfficerLine,
    PostingLine,
    colleagues,
    count_officers,
    officer_file,
    officer_page,
)
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
    "OFFICERS_A_PAGE",
    "Account",
    "Colleague",
    "DisplayLine",
    "LastSignIn",
    "OfficerFile",
    "OfficerLine",
    "PostingLine",
    "SessionLine",
    "colleagues",
    "count_officers",
    "display_of_token",
    "displays",
    "last_sign_in",
    "officer_file",
    "officer_page",
    "open_sessions",
    "own_account",
    "session_end",
    "session_reach",
]
