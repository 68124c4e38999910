"""One record on its way into the store, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from lianfang.checkpoints.intake.corrections import CorrectionRow
from lianfang.checkpoints.intake.reading import Unread
from lianfang.checkpoints.intake.rows import PassageRow, RegistrationRow, digest_of
from lianfang.checkpoints.intake.store import ConflictRow
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import KeyFolder

ACCEPTED = "ACCEPTED"
DUPLICATE = "DUPLICATE"
CONFLICT = "CONFLICT"
SET_ASIDE = "SET_ASIDE"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the store says of a record. For a duplicate everything but the status is the first receipt's."""

    status: str
    receipt: str
    received_at: datetime
    rule_set: str = ""


@dataclass(slots=True)
class Entry:
    """A row to be stored with the canonical content it came from (needed again if its id is known already)."""

    kind: str  # PASSAGE | REGISTRATION | CORRECTION
    row: PassageRow | RegistrationRow | CorrectionRow
    content: bytes
    parent: bytes = b""
    outcome: Outcome | None = None
    refused: Unread | None = None

    def accept(self) -> None:
        rule_set = self.row.rule_set if isinstance(self.row, RegistrationRow) else ""
        self.outcome = Outcome(ACCEPTED, self.row.receipt, self.row.received_at, rule_set)

    def meet(
        self, *, digest: bytes | None, receipt: str, received_at: datetime, rule_set: str, same: bool
    ) -> None:
        """The id is known: the same content is answered as the first was, other content is a conflict."""
        if same or digest is None:
            self.outcome = Outcome(DUPLICATE, receipt, received_at, rule_set)
        else:
            self.outcome = Outcome(CONFLICT, '{"flags":[]}', self.row.received_at)

    def digest_under(self, keys: KeyFolder, day: date) -> bytes | None:
        """This content's digest under the key of the day on which the stored record counts; None if it is purged."""
        key = keys.existing_day(day)
        return None if key is None else digest_of(key, self.kind.encode(), self.parent, self.content)

    def conflict(self, digest: bytes) -> ConflictRow:
        row = self.row
        return ConflictRow(
            id=uuid7(),
            record_id=row.id,
            kind=self.kind,
            digest=digest,
            received_at=row.received_at,
            captured_on=row.captured_on,
            checkpoint=row.checkpoint,
            jurisdiction=row.jurisdiction,
            device_id=row.device_id,
            sealed=row.sealed,  # bound to the record's id, under the day of the second capture
        )

    def refuse(self, record_id: UUID) -> None:
        self.refused = Unread(
            record_id,
            "REFUSED_BY_STORE",
            "数据库无法保存这条记录，请在电脑端处理。",
            "The database cannot keep this record; it needs attention at the desk.",
        )
