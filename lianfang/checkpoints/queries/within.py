"""Within reach (kernel/within.py), where the rooms above looked for it first."""

from lianfang.kernel.within import covered, held, held_written_out, within

__all__ = ["covered", "held", "held_written_out", "within"]
