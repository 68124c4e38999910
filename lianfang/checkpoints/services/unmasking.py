"""Looking at a whole file: numbers and addresses as they were recorded, for a purpose that is written down with it."""

from typing import NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.files import PassageFile, passage_file
from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal


class Unmasked(NamedTuple):
    """The file, and the reference under which the log has who looked at it."""

    file: PassageFile
    reference: str


def unmask(*, by: Reach, id: UUID, purpose: str) -> Unmasked | None:
    """None when there is no such passage, or none that this officer may see; then nothing is noted."""
    by.require("UNMASK")
    if purpose not in {*Purpose}:
        raise Refusal("PURPOSE_MISSING", "请选择为什么要看完整信息。", "Choose what you read it for.")
    with reach(by) as seen:
        file = passage_file(seen, id, sight=UNMASKED)
        if file is None:
            return None
        reference = new_reference()
        note(
            Act.UNMASKED, by=seen, subject=f"PASSAGE {id}", count=len(file.people), jurisdiction=file.jurisdiction,
            purpose=purpose, details={"reference": reference},
        )  # fmt: skip
    return Unmasked(file, reference)
