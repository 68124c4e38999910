"""The model register: Django finds every room's tables here. Nobody imports this file (a contract checks it)."""

from lianfang.checkpoints.models import (  # noqa: F401
    Checkpoint,
    ConflictItem,
    Correction,
    Device,
    Enrolment,
    Passage,
    Registration,
)
from lianfang.command.models import Officer, Posting, SetUpLink  # noqa: F401
from lianfang.regions.models import Region, RegionAlias  # noqa: F401
from lianfang.situation.models import Cell, Fold, FoldPosition, LastRecord  # noqa: F401
