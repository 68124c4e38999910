"""Acts on officers, sessions and displays. Who acts is `by`, when is `at`; what is not done is refused with a code."""

from lianfang.command.services.displays import (
    DISPLAY_LASTS,
    LONGEST_NAME,
    issue_display_token,
    make_display_token,
    revoke_display_token,
)
from lianfang.command.services.officers import (
    SET_UP_LASTS,
    SHORTEST_PASSWORD,
    SYSTEM_OFFICER,
    appoint,
    make_set_up_link,
    post,
    set_password,
    set_up,
)
from lianfang.command.services.sessions import (
    WrongSignIn,
    issue_token,
    open_session,
    sign_in,
    sign_out,
    worker_session,
)

__all__ = [
    "DISPLAY_LASTS",
    "LONGEST_NAME",
    "SET_UP_LASTS",
    "SHORTEST_PASSWORD",
    "SYSTEM_OFFICER",
    "WrongSignIn",
    "appoint",
    "issue_display_token",
    "issue_token",
    "make_display_token",
    "make_set_up_link",
    "open_session",
    "post",
    "revoke_display_token",
    "set_password",
    "set_up",
    "sign_in",
    "sign_out",
    "worker_session",
]
