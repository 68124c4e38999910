"""Officers and their postings, how they sign in, what opens without signing in; headquarters, groups and their duty."""

from lianfang.command.models.duty import DutyHandover, DutySlot, DutySwap
from lianfang.command.models.glass import Glass, OfficerNotice
from lianfang.command.models.headquarters import DutyPerson, Headquarters, Membership, WorkGroup
from lianfang.command.models.officers import DisplayToken, Officer, Posting, SetUpLink
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
    "Headquarters",
    "Membership",
    "Officer",
    "OfficerNotice",
    "Posting",
    "RecoveryCode",
    "RosterToken",
    "SetUpLink",
    "SignInFailures",
    "WorkGroup",
]
