"""Audit: every act and every reading about people is noted where it happens and chained so that it cannot be unsaid."""

from lianfang.kernel.audit.acts import Act
from lianfang.kernel.audit.noting import DONE, REFUSED, from_place, note, place_noted
from lianfang.kernel.audit.purposes import Purpose

__all__ = ["DONE", "REFUSED", "Act", "Purpose", "from_place", "note", "place_noted"]
