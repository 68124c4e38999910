"""Acts on aliases: somebody confirms that people call a place so, or takes it back. Only words of a place are taught."""

from datetime import datetime

from django.db import transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.regions.addresses import is_teachable
from lianfang.regions.addresses.place_words import folded
from lianfang.regions.editions import valid
from lianfang.regions.models import Region, RegionAlias
from lianfang.regions.queries import held_aliases

LONGEST_SOURCE = 60


@transaction.atomic
def teach_alias(
    *, by: Reach, at: datetime, code: str, alias: str, kind: str, source: str = ""
) -> RegionAlias:
    """From now on the word means that division. `source`: the place words of the address it stood in, as they were read.

    Taught again, or by another, it stays the first one's.
    """
    by.require("ANSWER_REFERRALS")
    word, division, on = folded(alias), canonical(code) if is_code(code) else "", day_of(at)
    if not is_teachable(word):
        raise Refusal(
            "ALIAS_NO_PLACE",
            "别名只能是地名：两到十二个汉字，没有数字、门牌和人名。",
            "An alias is the name of a place: two to twelve Chinese characters, no figures, no door, nobody's name.",
        )
    row = valid(Region.objects.select_for_update(of=("self",)).filter(code=division), on).first()
    if row is None:
        raise NotFound("NO_SUCH_DIVISION", "没有这个区划代码。", "No division has this code.")
    by.require_cover(division)
    if word in {folded(row.name), folded(row.short_name)}:
        raise Refusal("ALIAS_IS_NAME", "登记里就是这个名称，不用记。", "The register has this very name.")
    known = held_aliases(on).filter(code=division, alias=word).first()
    if known is not None:
        return known
    made = RegionAlias.objects.create(
        code=division, alias=word, kind=RegionAlias.Kind(kind), source=source[:LONGEST_SOURCE], valid_from=on,
        taught_by=by.officer_id, taught_at=at,
    )  # fmt: skip
    _note(Act.ALIAS_TAUGHT, by, made)
    return made


@transaction.atomic
def take_back_alias(*, by: Reach, at: datetime, id: int) -> RegionAlias:
    """It was wrong: from now on as if nobody had ever said so. The row stays. Again: nothing changes."""
    by.require("ANSWER_REFERRALS")
    row = RegionAlias.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound("ALIAS_UNKNOWN", "没有这个别名。", "There is no such alias.")
    by.require_cover(row.code)
    if row.taken_back_at is None:
        row.taken_back_by, row.taken_back_at = by.officer_id, at
        row.save(update_fields=["taken_back_by", "taken_back_at"])
        _note(Act.ALIAS_TAKEN_BACK, by, row)
    return row


def _note(act: Act, by: Reach, row: RegionAlias) -> None:
    details = {"code": row.code, "kind": str(row.kind)}
    note(act, by=by, subject=f"ALIAS {row.pk}", jurisdiction=span(row.code)[0], details=details)
