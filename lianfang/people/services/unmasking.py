"""Looking at a whole file: numbers and addresses as they were told, for a purpose that is written down with it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.queries.files import PersonFile, person_file


class UnmaskedFile(NamedTuple):
    """The file, and the reference under which the log has who looked at it."""

    file: PersonFile
    reference: str


def unmask_file(*, by: Reach, id: UUID, purpose: str, at: datetime) -> UnmaskedFile | None:
    """None when there is no such file, or none that this officer may see; then nothing is noted."""
    by.require("UNMASK")
    if purpose not in {*Purpose}:
        raise Refusal("PURPOSE_MISSING", "请选择为什么要看完整信息。", "Choose what you read it for.")
    with reach(by) as seen:
        file = person_file(seen, id, at=at, sight=UNMASKED)
        if file is None:
            return None
        reference = new_reference()
        note(
            Act.UNMASKED, by=seen, subject=f"PERSON {id}", jurisdiction=file.jurisdiction, purpose=purpose,
            details={"reference": reference},
        )  # fmt: skip
    return UnmaskedFile(file, reference)
