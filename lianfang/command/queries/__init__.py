"""Questions about officers, their sessions, what they are told, and the displays that nobody signs in at."""

from lianfang.command.queries.displays import DisplayLine, displays
from lianfang.command.queries.glass import GlassLine, all_glass, my_glass, my_open_glass
from lianfang.command.queries.grid_phones import GridPhoneLine, grid_phones
from lianfang.command.queries.notices import NoticeLine, notices, unread_notices
from lianfang.command.queries.officers import MOST_COLLEAGUES, Colleague, colleagues
from lianfang.command.queries.sessions import display_of_token, session_reach

__all__ = [
    "MOST_COLLEAGUES",
    "Colleague",
    "DisplayLine",
    "GlassLine",
    "GridPhoneLine",
    "NoticeLine",
    "all_glass",
    "colleagues",
    "display_of_token",
    "displays",
    "grid_phones",
    "my_glass",
    "my_open_glass",
    "notices",
    "session_reach",
    "unread_notices",
]
