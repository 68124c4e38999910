"""What an officer says he reads a person's file for: the closed list an auditor can ask by."""

from enum import StrEnum


class Purpose(StrEnum):
    INVESTIGATION = "INVESTIGATION"  # 疫情处置: a case, its contacts, a measure that goes on
    SUBJECT_ASKED = "SUBJECT_ASKED"  # 本人来询: the person asks for their own record
    CORRECTION = "CORRECTION"  # 更正核对: something in the record looks wrong
    INSPECTION = "INSPECTION"  # 督查: a superior or an inspector looks at the work
