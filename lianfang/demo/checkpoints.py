"""Eighteen checkpoints round Haicheng, as many as its command office ran in February 2020. Names and places are ours."""

from typing import NamedTuple


class Gate(NamedTuple):
    """Longitude and latitude are rough: a point for a map. `share` of the traffic; `hours` it is open, None: always."""

    code: str
    name: str
    kind: str
    division: str
    lanes: int
    longitude: float
    latitude: float
    share: float
    hours: tuple[int, int] | None = None

    def is_open(self, hour: int) -> bool:
        return self.hours is None or self.hours[0] <= hour < self.hours[1]


BY_DAY = (6, 22)  # small roads are closed at night
GATES = (
    Gate("HC01", "海城高速口", "TOLL_GATE", "210381", 4, 122.72, 40.87, 14),
    Gate("HC02", "西柳高速口", "TOLL_GATE", "210381", 3, 122.63, 40.86, 11),
    Gate("HC03", "南台高速口", "TOLL_GATE", "210381", 3, 122.80, 40.93, 9),
    Gate("HC04", "腾鳌高速口", "TOLL_GATE", "210381", 2, 122.80, 41.07, 7),
    Gate("HC05", "析木高速口", "TOLL_GATE", "210381", 2, 122.89, 40.71, 5),
    Gate("HC06", "海城站", "STATION", "210381", 2, 122.74, 40.85, 8),
    Gate("HC07", "海城西站", "STATION", "210381", 2, 122.68, 40.86, 10),
    Gate("HC08", "牛庄卡口", "ROAD", "210381", 1, 122.52, 40.95, 4, BY_DAY),
    Gate("HC09", "耿庄卡口", "ROAD", "210381", 1, 122.66, 40.97, 4, BY_DAY),
    Gate("HC10", "高坨卡口", "BOUNDARY", "210381", 1, 122.42, 41.02, 3, BY_DAY),
    Gate("HC11", "望台卡口", "ROAD", "210381", 1, 122.60, 41.06, 3, BY_DAY),
    Gate("HC12", "感王卡口", "BOUNDARY", "210381", 1, 122.55, 40.78, 5, BY_DAY),
    Gate("HC13", "英落卡口", "ROAD", "210381", 1, 122.76, 40.69, 3, BY_DAY),
    Gate("HC14", "孤山卡口", "BOUNDARY", "210381", 1, 123.08, 40.62, 2, BY_DAY),
    Gate("HC15", "马风卡口", "BOUNDARY", "210381", 1, 123.03, 40.85, 3, BY_DAY),
    Gate("HC16", "王石卡口", "ROAD", "210381", 1, 122.92, 40.93, 3, BY_DAY),
    Gate("HC17", "毛祁卡口", "ROAD", "210381", 1, 122.70, 40.79, 4, BY_DAY),
    Gate("HC18", "接文卡口", "BOUNDARY", "210381", 1, 123.20, 40.67, 2, BY_DAY),
)
