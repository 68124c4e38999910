"""What stands in the way on this machine, said so that the engineer in the cellar knows what to do."""


class Trouble(Exception):
    """Raised when the machine cannot do what is needed; `zh` and `en` say why and what helps."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en
