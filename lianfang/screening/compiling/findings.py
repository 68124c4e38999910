"""What is wrong or odd about a rule set, said to whoever wrote it: where, what, and what would be right."""

from typing import Any, NamedTuple

ERROR, WARNING = "ERROR", "WARNING"
MOST_OF_ONE_KIND = 20  # warnings: whoever sees twenty sees why; errors are told one by one


class Finding(NamedTuple):
    """`row`: the id of a row, else its place (#3, areas #3, questions #3), "" for the set itself.

    `column`: the way to the field, places counted from 1: when.2.value, then.days, say.en.
    """

    severity: str  # ERROR | WARNING
    row: str
    column: str
    code: str
    zh: str
    en: str


class Compiled(NamedTuple):
    """`content` is in its one normal form, and None when an ERROR is among the findings."""

    content: dict[str, Any] | None
    findings: tuple[Finding, ...]


class Spot(NamedTuple):
    """A place in what was written, where something can be found wrong."""

    found: list[Finding]
    row: str = ""
    column: str = ""

    def at(self, *names: str | int) -> "Spot":
        """A field within: at("when", 2)."""
        return self._replace(column=".".join(str(part) for part in (self.column, *names) if part != ""))

    def of(self, row: str) -> "Spot":
        """A row, an area, a question."""
        return self._replace(row=row, column="")

    def refuse(self, code: str, zh: str, en: str) -> None:
        self.found.append(Finding(ERROR, self.row, self.column, code, zh, en))

    def warn(self, code: str, zh: str, en: str) -> None:
        self.found.append(Finding(WARNING, self.row, self.column, code, zh, en))


def is_fit(found: list[Finding]) -> bool:
    return not any(finding.severity == ERROR for finding in found)


def shortened(found: list[Finding]) -> tuple[Finding, ...]:
    """Errors as they are; of warnings of one kind the first twenty, and how many more there were."""
    told: list[Finding] = []
    counts: dict[str, int] = {}
    for finding in found:
        count = counts[finding.code] = counts.get(finding.code, 0) + (finding.severity == WARNING)
        if count <= MOST_OF_ONE_KIND:
            told.append(finding)
    for code, count in counts.items():
        if count > MOST_OF_ONE_KIND:
            more = count - MOST_OF_ONE_KIND
            told.append(
                Finding(
                    WARNING,
                    "",
                    "",
                    code,
                    f"同样的提醒另有 {more} 处。",
                    f"{more} more warnings of this kind.",
                )
            )
    return tuple(told)
