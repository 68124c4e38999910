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
from lianfang.checkpoints.queries.counts import COUNTED_TO, Counted, counted
from lianfang.checkpoints.queries.devices import DeviceLine, device, devices, receivable_device
from lianfang.checkpoints.queries.files import PassageFile, PersonFile, passage_file
from lianfang.checkpoints.queries.lists import Line, Page, passages, passages_wanted
from lianfang.checkpoints.queries.places import CheckpointLine, checkpoints, invitable_checkpoints
from lianfang.checkpoints.queries.search import search
from lianfang.checkpoints.queries.wanted import Wanted

__all__ = [
    "COUNTED_TO",
    "CheckpointLine",
    "Closing",
    "Counted",
    "DeviceLine",
    "Line",
    "Overview",
    "Page",
    "PassageFile",
    "PersonFile",
    "PostDay",
    "ShiftLine",
    "Wanted",
    "checkpoints",
    "closing_day",
    "closing_overview",
    "counted",
    "device",
    "devices",
    "invitable_checkpoints",
    "passage_file",
    "passages",
    "passages_wanted",
    "receivable_device",
    "search",
    "unclosed",
]
