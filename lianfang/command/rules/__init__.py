"""What the command room decides from facts alone: who may hold which role, who is told of broken glass, what makes a PIN."""

from lianfang.command.rules.glass import (
    LONGEST_PIN,
    MOST_WRONG_PINS,
    RESPONSIBLE_ROLES,
    SHORTEST_PIN,
    Responsible,
    is_pin,
    told_of_glass,
)
from lianfang.command.rules.postings import (
    ADMINISTRATORS,
    APART,
    GRANTED,
    NOT_GRANTED,
    SIGN_IN_NAME,
    Held,
    already_covering,
    is_the_last,
    of_another_role,
    too_close,
)

__all__ = [
    "ADMINISTRATORS",
    "APART",
    "GRANTED",
    "LONGEST_PIN",
    "MOST_WRONG_PINS",
    "NOT_GRANTED",
    "RESPONSIBLE_ROLES",
    "SHORTEST_PIN",
    "SIGN_IN_NAME",
    "Held",
    "Responsible",
    "already_covering",
    "is_pin",
    "is_the_last",
    "of_another_role",
    "told_of_glass",
    "too_close",
]
