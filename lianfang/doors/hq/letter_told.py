"""What a letter to another city says (协查函): once for the page that is printed and the file that is sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.checkpoints.queries.city import answering_city
from lianfang.doors.hq.referral_shown import ReferralLine, home_of, measures_of, rows_of
from lianfang.doors.tags import moment, word
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach
from lianfang.referrals.queries import event_of
from lianfang.referrals.services import letter_number
from lianfang.referrals.services.unmasking import letter_of
from lianfang.regions.queries import paths


@dataclass(frozen=True, slots=True)
class LetterTold:
    """`row` is whom it is about, and nothing more of him than is needed; `event` the act that sent it."""

    row: ReferralLine
    event: UUID
    number: str
    sent_at: datetime
    to: str
    sender: str
    measures: tuple[str, ...]
    mark: Watermark

    @property
    def from_whom(self) -> str:
        return _("%(sender)s疫情防控指挥部") % {"sender": self.sender}

    @property
    def addressee(self) -> str:
        return self.to + _("疫情防控指挥部：")

    @property
    def asked(self) -> str:
        given = {
            "when": moment(self.row.one.registered_at or self.row.one.sent_at),
            "gate": self.row.checkpoint,
        }
        return (
            _(
                "下列人员 %(when)s 在我市%(gate)s登记，自述去往贵地。请贵方接收并落实以下措施，"
                "在收到本函后两小时内告知是否接收、是否见到本人。"
            )
            % given
        )

    @property
    def about(self) -> list[tuple[str, str]]:
        """What is said of the person, line by line."""
        person = self.row.person
        if person is None:
            return [(_("姓名"), self.row.name)]
        age = "" if person.age is None else _("%(n)s 岁") % {"n": person.age}
        return [
            (_("姓名"), person.name or "—"),
            (_("性别、年龄"), " · ".join(filter(None, (word(person.sex, "SEXES"), age)))),
            (word(person.document_type, "DOCUMENTS"), person.document or "—"),
            (_("电话"), person.phone or "—"),
            (_("去往"), f"{self.row.place} {self.row.address}".strip()),
            *([(_("登记时写的地址"), self.row.told_before)] if self.row.told_before else []),
            (_("措施"), "、".join(self.measures)),
        ]


def letter_told(by: Reach, referral: UUID, event: UUID) -> LetterTold:
    """Noted as leaving the program. Inside `reach()`."""
    sent, at = event_of(by, referral, event), now()
    found = letter_of(by=by, id=referral, at=at)
    (row,) = rows_of(by, [found.referral], at=at, sight=UNMASKED)
    city = answering_city(by)
    to = sent.destination or home_of(found.referral)
    names = paths([code for code in (city, to) if code], day_of(at))
    return LetterTold(
        row=row,
        event=sent.id,
        number=letter_number(sent.id),
        sent_at=sent.occurred_at,
        to=names.get(to, to),
        sender=names.get(city or "", ""),
        measures=tuple(measures_of(found.referral)),
        mark=Watermark(by.officer_name, at, _("协查函"), found.reference),
    )
