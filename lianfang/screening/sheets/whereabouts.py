"""Where in the sheet a part of a rule set was written, so that what the compiler finds is told at its cell."""

from lianfang.screening.compiling import Finding


class Whereabouts:
    """By the row and the column of a finding: a row of the sheet and the letter of a column."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], tuple[str, str]] = {}

    def note(self, rows: tuple[str, ...], way: str, place: str, letter: str) -> None:
        """`rows`: how a finding may call the row, by its id or by its number. The first of an id keeps it."""
        for row in rows:
            self._places.setdefault((row, way), (place, letter))

    def told(self, finding: Finding) -> Finding:
        """The finding with the row and the column of the sheet; as it is where the sheet does not have it."""
        way = finding.column
        while way and (finding.row, way) not in self._places:
            way = way.rpartition(".")[0]
        place = self._places.get((finding.row, way))
        return finding if place is None else finding._replace(row=place[0], column=place[1])
