"""Questions about officers, their sessions, and the displays that nobody signs in at."""

from lianfang.command.queries.accounts import OwnAccount, own_account
from lianfang.command.queries.displays import DisplayLine, displays
from lianfang.command.queries.glass import GlassLine, all_glass, my_glass, my_open_glass
from lianfang.command.queries.grid_phones import GridPhoneLine, grid_phones
from lianfang.command.queries.notices import NoticeLine, notices, unread_notices
from lianfang.command.queries.officers import (
    MOST_COLLEAGUES,
    OFFICERS_A_PAGE,
    Colleague,
    OfficerFile,
    OfficerLine,
    PostingLine,
    colleagues,
    count_officers,
    is_over_everybody,
    names_for_audit,
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
    "Colleague",
    "DisplayLine",
    "GlassLine",
    "GridPhoneLine",
    "LastSignIn",
    "NoticeLine",
    "OfficerFile",
    "OfficerLine",
    "OwnAccount",
    "PostingLine",
    "SessionLine",
    "all_glass",
    "colleagues",
    "count_officers",
    "display_of_token",
    "displays",
    "grid_phones",
    "is_over_everybody",
    "last_sign_in",
    "my_glass",
    "my_open_glass",
    "names_for_audit",
    "notices",
    "officer_file",
    "officer_page",
    "open_sessions",
    "own_account",
    "session_end",
    "session_reach",
    "unread_notices",
]
