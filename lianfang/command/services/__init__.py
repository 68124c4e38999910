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
from lianfang.command.services.glass import (
    GLASS_LASTS,
    LONGEST_REASON,
    MOST_A_DAY,
    MOST_AT_ONCE,
    SHORTEST_REASON,
    break_glass,
    close_glass,
)
from lianfang.command.services.grid_phones import (
    LONGEST_WORKER,
    GridInvitation,
    GridPhone,
    enrol_grid_phone,
    invite_grid_worker,
    open_grid_phone,
    revoke_grid_phone,
)
from lianfang.command.services.lockout import LockedOut, WrongGuess, forget_old_failures
from lianfang.command.services.notices import read_notice
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
    "GLASS_LASTS",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "LONGEST_WORKER",
    "MOST_AT_ONCE",
    "MOST_A_DAY",
    "OTHERS",
    "SET_UP_LASTS",
    "SHORTEST_PASSWORD",
    "SHORTEST_REASON",
    "SYSTEM_OFFICER",
    "FirstLink",
    "GridInvitation",
    "GridPhone",
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
    "break_glass",
    "change_password",
    "close_all_sessions",
    "close_glass",
    "close_session",
    "enrol_grid_phone",
    "enrolment_address",
    "forget_old_failures",
    "give_code",
    "give_first_code",
    "give_password",
    "invite_grid_worker",
    "issue_display_token",
    "issue_token",
    "make_activation_link",
    "make_display_token",
    "make_set_up_link",
    "new_secret",
    "open_grid_phone",
    "open_session",
    "post",
    "read_notice",
    "renew_recovery_codes",
    "renew_second_factor",
    "require_good_password",
    "revoke_display_token",
    "revoke_grid_phone",
    "revoke_sessions",
    "set_password",
    "set_up",
    "sign_in_without_code",
    "sign_out",
    "waive_second_factor",
    "whose_link",
    "worker_session",
]
