"""Findings about the quality of records: what to look at again, and who was asked to.

Asked inside `with reach(session) as seen:`, `seen` first. A finding is a group of records over some days that passes a
threshold; it names a checkpoint, a device or an officer's own number, never a traveller, and opens to its records.
"""

from lianfang.situation.quality.queries import (
    ASKED,
    SHOWN,
    Card,
    Listed,
    anything,
    behind,
    found,
    one,
    overview,
    unknown_finding,
)
from lianfang.situation.quality.question import Days, Finding
from lianfang.situation.quality.services import LONGEST_TEXT, assign, finish
from lianfang.situation.quality.tasks import TaskLine, assignees, my_tasks, tasks, tasks_about

FINDINGS = tuple(ASKED)

__all__ = [
    "FINDINGS",
    "LONGEST_TEXT",
    "SHOWN",
    "Card",
    "Days",
    "Finding",
    "Listed",
    "TaskLine",
    "anything",
    "assign",
    "assignees",
    "behind",
    "finish",
    "found",
    "my_tasks",
    "one",
    "overview",
    "tasks",
    "tasks_about",
    "unknown_finding",
]
