"""Within reach: the condition every question here carries (kernel/within.py)."""

from lianfang.kernel.within import covered, held, held_written_out, within

__all__ = ["covered", "held", "held_written_out", "within"]
