"""The tile of today's duty: who is there and who comes next, by group. Names are staff's; telephones stay at the desk."""

from typing import Any

from lianfang.checkpoints.queries.city import city_code
from lianfang.command.queries.duty import SlotLine, duty_now
from lianfang.command.queries.headquarters import headquarters_over
from lianfang.situation.wall.asking import Asked


def duty(asked: Asked) -> dict[str, Any]:
    """Of the headquarters of the city in which the checkpoints lie; none where it has set up none."""
    of = headquarters_over(asked.seen, city_code(asked.seen))
    if of is None:
        return {"headquarters": None, "due": 0, "there": 0, "groups": []}
    now = duty_now(asked.seen, of, at=asked.at)
    return {
        "headquarters": of.name,
        "due": now.due,
        "there": now.there,
        "groups": [
            {
                "code": one.group.code,
                "zh": one.group.zh,
                "en": one.group.en,
                "now": [_shown(slot) for slot in one.now],
                "next": [_shown(slot) for slot in one.next],
            }
            for one in now.groups
        ],
    }


def _shown(slot: SlotLine) -> dict[str, Any]:
    return {
        "name": slot.name,
        "role": slot.role,
        "state": slot.state,
        "begins_at": slot.begins_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
    }
