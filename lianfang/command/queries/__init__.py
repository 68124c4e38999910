"""Questions about officers, their sessions, and the displays that nobody signs in at."""

from lianfang.command.queries.displays import DisplayLine, displays
from lianfang.command.queries.officers import MOST_COLLEAGUES, Colleague, colleagues, names_for_audit
from lianfang.command.queries.sessions import display_of_token, session_reach

__all__ = [
    "MOST_COLLEAGUES",
    "Colleague",
    "DisplayLine",
    "colleagues",
    "display_of_token",
    "displays",
    "names_for_audit",
    "session_reach",
]
