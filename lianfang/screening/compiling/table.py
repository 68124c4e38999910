"""What rows owe each other: exemptions lift what may be lifted, and every arrival is registered."""

from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.rows import Row, unknown_row
from lianfang.screening.form import EXEMPT, RESTRICTIVE
from lianfang.screening.words import MEASURES, both


def table(spot: Spot, rows: list[tuple[Spot, Row]]) -> None:
    kinds = {
        row["row"]: row["then"]["kind"] for _, row in rows if row["then"] and isinstance(row["row"], str)
    }
    for place, row in rows:
        for name in (row["then"] or {}).get("lifts", ()):
            _lift(place.at("then", "lifts"), name, kinds)
    if not any(_registers_arrivals(row) for _, row in rows):
        spot.at("rows").refuse(
            "ARRIVALS_NOT_REGISTERED",
            "没有登记所有入城人员的行：加一行登记放行（REGISTER），条件只写方向是入，不写日期和除非。",
            "No row registers every arrival: add one with REGISTER, no condition but direction IN, no dates and no exception.",
        )


def _lift(spot: Spot, name: str, kinds: dict[str, str]) -> None:
    kind = kinds.get(name)
    if kind is None:
        spot.refuse("UNKNOWN_ROW", *unknown_row(name, list(kinds)))
    elif kind == EXEMPT:
        spot.refuse(
            "LIFTS_AN_EXEMPTION",
            f"{name} 也是豁免，豁免不能再被豁免；把条件写进 {name} 的“除非”。",
            f"{name} is an exemption itself and cannot be lifted; write what you mean into its exceptions (unless).",
        )
    elif kind not in RESTRICTIVE:
        zh, en = both(kind, MEASURES)
        lifted = [both(one, MEASURES) for one in sorted(RESTRICTIVE)]
        spot.refuse(
            "NEVER_LIFTED",
            f"{name} 的措施是{zh}，谁都不能豁免：能豁免的只有{'、'.join(word for word, _ in lifted)}。",
            f"{name} decides “{en}”, from which nobody is exempt; only {', '.join(word for _, word in lifted)} can be lifted.",
        )


def _registers_arrivals(row: Row) -> bool:
    then, when = row["then"], row["when"]
    return (
        bool(then)
        and then["kind"] == "REGISTER"
        and not row["unless"]
        and "from" not in row
        and "to" not in row
        and all(one["fact"] == "direction" and _includes_in(one["op"], one.get("value")) for one in when)
    )


def _includes_in(op: str, value: object) -> bool:
    return isinstance(value, list) and ("IN" in value) is (op == "ONE_OF")
