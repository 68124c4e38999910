"""Officers and their postings, how they sign in, and what opens without signing in."""

from lianfang.command.models.glass import Glass, OfficerNotice
from lianfang.command.models.officers import DisplayToken, Officer, Posting, SetUpLink
from lianfang.command.models.roster_token import RosterToken
from lianfang.command.models.sign_in import ActivationLink, RecoveryCode, SignInFailures

__all__ = [
    "ActivationLink",
    "DisplayToken",
    "Glass",
    "Officer",
    "OfficerNotice",
    "Posting",
    "RecoveryCode",
    "RosterToken",
    "SetUpLink",
    "SignInFailures",
]
