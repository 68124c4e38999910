"""Questions about officers, their sessions, and the displays that nobody signs in at."""

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
from lianfang.command.queries.sessions import display_of_token, session_reach

__all__ = [
    "MOST_COLLEAGUES",
    "OFFICERS_A_PAGE",
    "Colleague",
    "DisplayLine",
    "OfficerFile",
    "OfficerLine",
    "PostingLine",
    "colleagues",
    "count_officers",
    "display_of_token",
    "displays",
    "officer_file",
    "officer_page",
    "session_reach",
]
