"""Acts on officers, sessions and displays. Who acts is `by`, when is `at`; what is not done is refused with a code."""

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
from lianfang.command.services.notices import read_notice
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
    "GLASS_LASTS",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "LONGEST_WORKER",
    "MOST_AT_ONCE",
    "MOST_A_DAY",
    "SET_UP_LASTS",
    "SHORTEST_PASSWORD",
    "SHORTEST_REASON",
    "SYSTEM_OFFICER",
    "GridInvitation",
    "GridPhone",
    "WrongSignIn",
    "appoint",
    "break_glass",
    "close_glass",
    "enrol_grid_phone",
    "invite_grid_worker",
    "issue_display_token",
    "issue_token",
    "make_display_token",
    "make_set_up_link",
    "open_grid_phone",
    "open_session",
    "post",
    "read_notice",
    "revoke_display_token",
    "revoke_grid_phone",
    "set_password",
    "set_up",
    "sign_in",
    "sign_out",
    "worker_session",
]
