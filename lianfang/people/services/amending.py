"""Amending what is said in a file, and closing a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.facts import FIELDS, Earlier, PersonTold, changed, indexes, keys_of
from lianfang.people.models import Person, PersonPhone
from lianfang.people.opening import open_person, sealed_again
from lianfang.people.services.keeping import given, lived_in, own_person, require_keeping
from lianfang.people.services.opening import write_other_phones


def amend(*, by: Reach, at: datetime, id: UUID, fields: Mapping[str, Any], reason: str) -> None:
    """Puts these fields in place of what stood; None takes one away. What stood before stays in the file, sealed with it.

    A document that another file has is written down as it is told; the two are proposed as one person's, never joined silently.
    """
    require_keeping(by)
    said = given(reason)
    with reach(by) as seen:
        row = own_person(seen, id)
        facts = open_person(row).facts
        amended = _amended(facts, fields)
        different = {name for name in FIELDS if getattr(facts, name) != getattr(amended, name)}
        if not different:
            raise Refusal("NOTHING_AMENDED", "没有要更改的内容。", "Nothing is different.")
        before = {name: value for name, value in msgspec.to_builtins(facts).items() if name in different}
        earlier = Earlier(at, seen.officer_id, said, before)
        amended = msgspec.structs.replace(amended, earlier=(*facts.earlier, earlier))
        _write(row, amended)
        note(
            Act.FILE_AMENDED, by=seen, subject=f"PERSON {id}", jurisdiction=row.jurisdiction,
            details={"fields": sorted(different)},
        )  # fmt: skip


def close_file(*, by: Reach, at: datetime, id: UUID) -> None:
    """Nothing goes on about this person any more: from now on the time runs after which the file is destroyed."""
    require_keeping(by)
    with reach(by) as seen:
        row = own_person(seen, id)
        if row.closed_at is not None:
            return
        if lived_in(row):
            raise Refusal(
                "FILE_LIVED_IN",
                "此人还登记在一户里，请先记为迁出。",
                "This person still belongs to a household: mark him as moved out first.",
                status=409,
            )
        Person.objects.filter(pk=id).update(closed_at=at)
        note(Act.FILE_CLOSED, by=seen, subject=f"PERSON {id}", jurisdiction=row.jurisdiction)


def _amended(facts: PersonTold, fields: Mapping[str, Any]) -> PersonTold:
    unknown = set(fields) - FIELDS
    if unknown:
        raise Refusal("UNKNOWN_FIELD", "没有这样的栏目。", "There is no such field.")
    try:
        amended = changed(facts, fields)
    except msgspec.ValidationError:
        raise Refusal("FIELD_ODD", "有的栏目写法不对。", "A field is written in a wrong way.") from None
    if not amended.name and amended.document is None:
        raise Refusal("NOBODY_NAMED", "请填写姓名或证件号码。", "Give a name, or the number of a document.")
    return amended


def _write(row: Person, facts: PersonTold) -> None:
    made = indexes(key_folder().month(row.opened_on), keys_of(facts, on=row.opened_on))
    Person.objects.filter(pk=row.pk).update(
        sealed=sealed_again(row, facts), document_index=made.document, phone_index=made.phone
    )
    PersonPhone.objects.filter(person_id=row.pk).delete()
    write_other_phones([(row.pk, made.other_phones)])
