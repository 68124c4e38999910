"""Officers and their postings, how they sign in, what opens without signing in, and who answers for a division."""

from lianfang.command.models.glass import Glass, OfficerNotice
from lianfang.command.models.officers import DisplayToken, Officer, Posting, SetUpLink
from lianfang.command.models.responsibility import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.models.roster_token import RosterToken
from lianfang.command.models.sign_in import ActivationLink, RecoveryCode, SignInFailures

__all__ = [
    "ActivationLink",
    "DisplayToken",
    "Glass",
    "GridStaff",
    "Officer",
    "OfficerNotice",
    "Overlay",
    "Posting",
    "RecoveryCode",
    "ResponsiblePerson",
    "RosterToken",
    "SetUpLink",
    "SignInFailures",
]
