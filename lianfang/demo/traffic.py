"""Plain passages without end, for benches and tests that need many and like ones; the demo city draws its own (`visits`)."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from lianfang.demo.numbers import SERIAL
from lianfang.kernel.ids import uuid7
from lianfang.kernel.resident_id import check_digit

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力斌波宁梅雪松柏岩峰晨阳光"
# (origin county, weight): mostly the neighbours, some from farther, a few from Hubei.
ORIGINS = (
    ("210381", 30), ("210302", 12), ("210303", 7), ("210304", 6), ("210321", 8), ("210323", 5), ("211003", 4),
    ("210882", 6), ("210804", 4), ("210102", 5), ("210103", 3), ("210203", 3), ("210202", 3), ("210702", 3),
    ("220102", 2), ("230102", 2), ("110105", 2), ("120101", 1), ("130202", 1.5), ("370202", 1.2), ("310115", 0.8),
    ("440305", 0.8), ("330106", 0.7), ("410102", 0.9), ("420106", 0.5), ("420102", 0.4), ("420606", 0.2),
)  # fmt: skip
TOWNSHIPS = (
    "210381101",
    "210381102",
    "210381112",
    "210381115",
    "210381118",
    "210381123",
    "210381001",
    "210381003",
)
TRANSPORTS = (
    ("CAR", 62),
    ("TRUCK", 14),
    ("BUS", 3),
    ("COACH", 3),
    ("TAXI", 4),
    ("TRAIN", 9),
    ("FOOT", 2),
    ("MOTORCYCLE", 3),
)
PURPOSES = (
    ("RESIDENT_RETURN", 30), ("COMMUTE", 26), ("FREIGHT", 12), ("SUPPLIES", 5), ("TRANSIT", 9), ("MEDICAL", 4),
    ("OFFICIAL", 4), ("VISIT", 7), ("OTHER", 3),
)  # fmt: skip
PARTY = ((1, 42), (2, 31), (3, 15), (4, 9), (5, 3))


class Traffic:
    """An endless, reproducible stream of passages."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def passage(self, *, checkpoint: str, at: datetime, station: bool = False) -> dict[str, Any]:
        """One passage in the contract's form, its ids minted for the moment `at`."""
        chance = self._random
        transport = "TRAIN" if station else self._pick(TRANSPORTS)
        purpose = "FREIGHT" if transport == "TRUCK" and chance.random() < 0.8 else self._pick(PURPOSES)
        origin = self._pick(ORIGINS)
        passage: dict[str, Any] = {
            "id": str(uuid7(at=at)),
            "checkpoint": checkpoint,
            "lane": "1",
            "direction": "IN" if chance.random() < 0.82 else "OUT",
            "transport": transport,
            "purpose": purpose,
            "occurred_at": at.isoformat(timespec="milliseconds"),
        }
        if transport == "TRAIN":
            passage["trip"] = {
                "number": f"{chance.choice('GDKZ')}{chance.randrange(100, 9999)}",
                "carriage": "05",
            }
        elif transport != "FOOT":
            passage["plate"] = self.plate()
        passage["people"] = [self.person(at=at, origin=origin) for _ in range(self._pick(PARTY))]
        return passage

    def person(self, *, at: datetime, origin: str) -> dict[str, Any]:
        chance = self._random
        day = at.date()
        since = day - timedelta(days=chance.randrange(1, 13))
        return {
            "id": str(uuid7(at=at)),
            "name": self.name(),
            "document": {"type": "RESIDENT_ID", "number": self.resident_id(origin)},
            "phone": f"1{chance.choice('3578')}{chance.randrange(10**8, 10**9)}",
            "from_code": origin,
            "stays": [{"code": origin, "from": since.isoformat(), "to": day.isoformat()}],
            "destination": {"code": chance.choice(TOWNSHIPS), "address": f"第{chance.randrange(1, 12)}组"},
            "temperatures": [self.temperature()],
            "symptoms": ["COUGH"] if chance.random() < 0.004 else [],
            "case_contact": False,
        }

    def name(self) -> str:
        return self._random.choice(FAMILY) + "".join(
            self._random.choices(GIVEN, k=self._random.choice((1, 2, 2)))
        )

    def resident_id(self, division: str) -> str:
        """A number whose check digit is right; it belongs to nobody we know of: division, birth and sequence are drawn."""
        chance = self._random
        born = date(1938, 1, 1) + timedelta(days=chance.randrange(27_000))
        body = f"{division}{born:%Y%m%d}{chance.randrange(1000):03d}"
        return body + check_digit(body)

    def plate(self) -> str:
        chance = self._random
        if chance.random() < 0.06:
            return f"辽{chance.choice('CAG')}D{chance.randrange(10**5):05d}"
        place = chance.choices(("辽C", "辽A", "辽H", "辽K", "吉A", "京A", "冀B"), (55, 14, 10, 7, 5, 5, 4))[0]
        return place + "".join(chance.choices(SERIAL, (8,) * 10 + (1,) * 24, k=5))

    def temperature(self) -> dict[str, Any]:
        draw = self._random.random()
        if draw < 0.015:
            return {"celsius": None, "site": "FOREHEAD", "state": "LOW"}
        if draw < 0.02:
            return {"celsius": None, "site": "FOREHEAD", "state": "NOT_TAKEN"}
        celsius = self._random.uniform(37.3, 38.6) if draw < 0.024 else self._random.gauss(36.5, 0.22)
        return {"celsius": round(min(max(celsius, 35.2), 39.0), 1), "site": "FOREHEAD", "state": "READ"}

    def _pick(self, weighted: tuple[tuple[Any, float], ...]) -> Any:
        values, weights = zip(*weighted, strict=True)
        return self._random.choices(values, weights)[0]
