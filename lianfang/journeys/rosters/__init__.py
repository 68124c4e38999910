"""A community's own table of its households becomes a roster: every row is accounted for, none is lost."""

from lianfang.journeys.rosters.importing import Imported, RowImported, import_roster
from lianfang.journeys.rosters.leftover import leftover

__all__ = ["Imported", "RowImported", "import_roster", "leftover"]
