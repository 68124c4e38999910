"""Officers and postings, how they sign in; headquarters and their duty; who answers for a division; who works in it."""

from lianfang.command.models.duty import DutyHandover, DutySlot, DutySwap
from lianfang.command.models.glass import Glass, OfficerNotice
from lianfang.command.models.headquarters import DutyPerson, Headquarters, Membership, WorkGroup
from lianfang.command.models.officers import DisplayToken, Officer, Posting, SetUpLink
from lianfang.command.models.responsibility import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.models.roster_answer import RosterAnswer
from lianfang.command.models.roster_token import RosterToken
from lianfang.command.models.sign_in import ActivationLink, RecoveryCode, SignInFailures

__all__ = [
    "ActivationLink",
    "DisplayToken",
    "DutyHandover",
    "DutyPerson",
    "DutySlot",
    "DutySwap",
    "Glass",
    "GridStaff",
    "Headquarters",
    "Membership",
    "Officer",
    "OfficerNotice",
    "Overlay",
    "Posting",
    "RecoveryCode",
    "ResponsiblePerson",
    "RosterAnswer",
    "RosterToken",
    "SetUpLink",
    "SignInFailures",
    "WorkGroup",
]
