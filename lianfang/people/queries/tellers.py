"""Who told it: officers by name, and grid workers by what their phone is called."""

from collections.abc import Iterable
from uuid import UUID

from lianfang.command.models import Officer, RosterToken


def tellers(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of staff are no secret among officers. Two questions."""
    asked = {id for id in ids if id}
    phones = dict(RosterToken.objects.filter(pk__in=asked).values_list("id", "name"))
    return phones | dict(Officer.objects.filter(pk__in=asked).values_list("id", "name"))
