"""Acts on officers, sessions and displays. Who acts is `by`, when is `at`; what is not done is refused with a code."""

from lianfang.command.services.activation import (
    ACTIVATION_LASTS,
    LinkUnknown,
    activate,
    make_activation_link,
    whose_link,
)
from lianfang.command.services.displays import (
    DISPLAY_LASTS,
    LONGEST_NAME,
    issue_display_token,
    make_display_token,
    revoke_display_token,
)
from lianfang.command.services.lockout import LockedOut, WrongGuess, forget_old_failures
from lianfang.command.services.officers import SYSTEM_OFFICER, appoint, post
from lianfang.command.services.own_account import (
    Proof,
    change_password,
    renew_recovery_codes,
    renew_second_factor,
)
from lianfang.command.services.passwords import SHORTEST_PASSWORD, require_good_password, set_password
from lianfang.command.services.second_factor import (
    WrongCode,
    enrolment_address,
    new_secret,
    waive_second_factor,
)
from lianfang.command.services.sessions import (
    close_all_sessions,
    close_session,
    issue_token,
    open_session,
    revoke_sessions,
    sign_out,
    worker_session,
)
from lianfang.command.services.set_up import OTHERS, SET_UP_LASTS, FirstLink, make_set_up_link, set_up
from lianfang.command.services.signing_in import (
    Origin,
    WrongProof,
    WrongSignIn,
    give_code,
    give_first_code,
    give_password,
    sign_in_without_code,
)

__all__ = [
    "ACTIVATION_LASTS",
    "DISPLAY_LASTS",
    "LONGEST_NAME",
    "OTHERS",
    "SET_UP_LASTS",
    "SHORTEST_PASSWORD",
    "SYSTEM_OFFICER",
    "FirstLink",
    "LinkUnknown",
    "LockedOut",
    "Origin",
    "Proof",
    "WrongCode",
    "WrongGuess",
    "WrongProof",
    "WrongSignIn",
    "activate",
    "appoint",
    "change_password",
    "close_all_sessions",
    "close_session",
    "enrolment_address",
    "forget_old_failures",
    "give_code",
    "give_first_code",
    "give_password",
    "issue_display_token",
    "issue_token",
    "make_activation_link",
    "make_display_token",
    "make_set_up_link",
    "new_secret",
    "open_session",
    "post",
    "renew_recovery_codes",
    "renew_second_factor",
    "require_good_password",
    "revoke_display_token",
    "revoke_sessions",
    "set_password",
    "set_up",
    "sign_in_without_code",
    "sign_out",
    "waive_second_factor",
    "whose_link",
    "worker_session",
]
