"""SMS through a gateway that speaks JSON over HTTP; the request and the answer stand in docs/running.md."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from lianfang.messages.channels import Outgoing, Result
from lianfang.messages.channels.posting import PostAnswer, post
from lianfang.messages.rules import MOST_AT_ONCE, TIMEOUT

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}").fullmatch
_NOT_NOW = (408, 425, 429)  # of the client's errors those that pass


class Gateway:
    """A gateway at one address. The token is read for each request: replaced on the disk, it counts at once."""

    def __init__(self, url: str, token_file: Path | None = None, *, timeout: float = TIMEOUT) -> None:
        self.url, self.token_file, self.timeout = url, token_file, timeout

    def send(self, batch: Sequence[Outgoing]) -> Sequence[Result]:
        results: list[Result] = []
        for start in range(0, len(batch), MOST_AT_ONCE):
            results += self._send(batch[start : start + MOST_AT_ONCE])
        return results

    def _send(self, batch: Sequence[Outgoing]) -> list[Result]:
        try:
            token = self.token_file.read_text().strip() if self.token_file else ""
        except OSError:
            return [Result(one.id, False, "NO_TOKEN", down=True) for one in batch]
        said = {"messages": [{"id": str(one.id), "phone": one.to, "text": one.text} for one in batch]}
        answer = post(self.url, said, token=token, timeout=self.timeout)
        if answer.status != 200:
            return [_failed(one, answer) for one in batch]
        told = _by_id(answer.body)
        return [_result(one, told.get(str(one.id))) for one in batch]


class NoGateway:
    """No gateway is named: whoever was to be told by SMS is telephoned."""

    def send(self, batch: Sequence[Outgoing]) -> Sequence[Result]:
        return [Result(one.id, False, "NO_GATEWAY", again=False) for one in batch]


def gateway() -> Gateway | NoGateway:
    """The one that the settings name."""
    return Gateway(settings.SMS_URL, settings.SMS_TOKEN_FILE) if settings.SMS_URL else NoGateway()


def _failed(one: Outgoing, answer: PostAnswer) -> Result:
    """A request that the gateway finds wrong is as wrong the next time; whatever else may pass."""
    lasting = 300 <= answer.status < 500 and answer.status not in _NOT_NOW
    return Result(one.id, False, answer.code, again=not lasting, down=True)


def _by_id(body: Any) -> Mapping[str, Mapping[str, Any]]:
    told = body.get("results") if isinstance(body, dict) else None
    rows = told if isinstance(told, list) else []
    return {str(row.get("id")): row for row in rows if isinstance(row, dict)}


def _result(one: Outgoing, told: Mapping[str, Any] | None) -> Result:
    if told is None:
        return Result(one.id, False, "UNANSWERED")
    code = str(told.get("code") or "")
    if told.get("ok") is True:
        return Result(one.id, True, code if _CODE(code) else "OK")
    return Result(one.id, False, code if _CODE(code) else "REFUSED", again=told.get("again") is not False)
