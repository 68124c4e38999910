"""Questions about checkpoints, devices and what passes. Asked inside `with reach(session) as seen:`, `seen` first.

Each demands its permission, limits itself to the officer's spans, and is limited again by row-level security.
"""

from lianfang.checkpoints.queries.closings import (
    Closing,
    Overview,
    PostDay,
    ShiftLine,
    closing_day,
    closing_overview,
    unclosed,
)
from lianfang.checkpoints.queries.files import PassageFile, PersonFile, passage_file
from lianfang.checkpoints.queries.lists import Line, Page, passages
from lianfang.checkpoints.queries.places import (
    CheckpointLine,
    DeviceLine,
    checkpoints,
    devices,
    invitable_checkpoints,
)
from lianfang.checkpoints.queries.search import search

__all__ = [
    "CheckpointLine",
    "Closing",
    "DeviceLine",
    "Line",
    "Overview",
    "Page",
    "PassageFile",
    "PersonFile",
    "PostDay",
    "ShiftLine",
    "checkpoints",
    "closing_day",
    "closing_overview",
    "devices",
    "invitable_checkpoints",
    "passage_file",
    "passages",
    "search",
    "unclosed",
]
