"""The head of the chain as one line: printed or sent away each evening, it fixes all that came before.

`lianfang-audit-head 4711 2020-02-10T08:30:00.000000Z` and the block's hash, 64 digits, with spaces between. A file may
hold many such lines, one an evening, and anything beside them.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from lianfang.kernel.audit.chain import moment
from lianfang.kernel.audit.rows import last_block, require_audit
from lianfang.kernel.reach import Reach, reach

_LINE = re.compile(
    r"lianfang-audit-head\s+(\d{1,18})\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\s+([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last block: its number, when it was sealed, its hash."""

    number: int
    sealed_at: datetime
    hash: bytes

    @property
    def line(self) -> str:
        return f"lianfang-audit-head {self.number} {moment(self.sealed_at)} {self.hash.hex()}"


def head(by: Reach) -> Head | None:
    """None before anything was sealed."""
    with reach(by):
        require_audit()
        last = last_block()
    return Head(last.block.number, last.block.sealed_at, last.hash) if last else None


def heads_in(text: str) -> list[Head]:
    """Every head of a file, in its order. What is no moment of the calendar is no head."""
    found = []
    for number, at, digits in _LINE.findall(text):
        try:
            found.append(Head(int(number), datetime.fromisoformat(at), bytes.fromhex(digits)))
        except ValueError:
            continue
    return found
