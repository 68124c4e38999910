"""Refusals: errors we foresee. A code for machines, a sentence for people; doors map them once."""


class Refusal(Exception):
    """Raised by a service that will not do what was asked.

    `code` is UPPER_CASE and stable; `zh` and `en` say what happened and what to do; `status` is what HTTP answers.
    """

    status = 400

    def __init__(self, code: str, zh: str, en: str, *, status: int | None = None) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en
        if status is not None:
            self.status = status

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "zh": self.zh, "en": self.en}


class NotFound(Refusal):
    status = 404


class Forbidden(Refusal):
    status = 403
