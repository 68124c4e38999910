"""Acts on messages and on the robots that tell them."""

from lianfang.messages.services.overtaking import overtake
from lianfang.messages.services.robots import LONGEST_NAME, add_robot, ask_test, retire_robot
from lianfang.messages.services.sending import SendingRound, Ways, send_due
from lianfang.messages.services.writing import MessageDraft, Reminder, write_messages

__all__ = [
    "LONGEST_NAME",
    "MessageDraft",
    "Reminder",
    "SendingRound",
    "Ways",
    "add_robot",
    "ask_test",
    "overtake",
    "retire_robot",
    "send_due",
    "write_messages",
]
