"""Tables of the checkpoints: places, devices, records, shifts, declarations, paper."""

from lianfang.checkpoints.models.declarations import Declaration, Roster
from lianfang.checkpoints.models.devices import Device, DeviceReport, Enrolment
from lianfang.checkpoints.models.paper import PaperLine, PaperPad, PilotExplanation
from lianfang.checkpoints.models.places import Checkpoint
from lianfang.checkpoints.models.records import ConflictItem, Correction, Passage, Registration
from lianfang.checkpoints.models.shifts import ClockIn, ShiftClosing, ShiftHandover
from lianfang.checkpoints.models.turn_backs import TurnBack

__all__ = [
    "Checkpoint",
    "ClockIn",
    "ConflictItem",
    "Correction",
    "Declaration",
    "Device",
    "DeviceReport",
    "Enrolment",
    "PaperLine",
    "PaperPad",
    "Passage",
    "PilotExplanation",
    "Registration",
    "Roster",
    "ShiftClosing",
    "ShiftHandover",
    "TurnBack",
]
