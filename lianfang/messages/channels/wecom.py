"""A WeCom group's robot: one message a request, short, and about nobody."""

from collections.abc import Sequence
from typing import Any

from lianfang.messages.channels import Outgoing, Result
from lianfang.messages.channels.posting import PostAnswer, post
from lianfang.messages.rules import TIMEOUT, limit, names_somebody

TOO_MANY = 45009
# The webhook itself, or what is said, is wrong: it is as wrong the next time.
_LASTING = (40008, 40058, 44004, 93000)


class WeCom:
    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def send(self, batch: Sequence[Outgoing]) -> Sequence[Result]:
        return [self._send(one) for one in batch]

    def _send(self, one: Outgoing) -> Result:
        if names_somebody(one.text):
            return Result(one.id, False, "PERSONAL", again=False)
        if len(one.text.encode()) > limit(one.markdown):
            return Result(one.id, False, "TOO_LONG", again=False)
        return _result(one, post(one.to, said(one), timeout=self.timeout))


def said(one: Outgoing) -> dict[str, Any]:
    kind = "markdown" if one.markdown else "text"
    return {"msgtype": kind, kind: {"content": one.text}}


def _result(one: Outgoing, answer: PostAnswer) -> Result:
    told = answer.body.get("errcode") if isinstance(answer.body, dict) else None
    if answer.status != 200 or not isinstance(told, int):
        code = answer.code if answer.status != 200 else "UNANSWERED"
        return Result(one.id, False, code, down=True)
    if told == 0:
        return Result(one.id, True, "OK")
    if told == TOO_MANY:
        return Result(one.id, False, f"ERRCODE_{told}", too_many=True)
    return Result(one.id, False, f"ERRCODE_{told}", again=told not in _LASTING)
