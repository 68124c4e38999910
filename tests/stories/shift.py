"""The officer's first steps on a phone, as every story at the barrier begins."""

from playwright.sync_api import Page, expect

PIN = "1357"


def type_pin(phone: Page, pin: str) -> None:
    for digit in pin:
        phone.get_by_test_id(f"shift-pin-{digit}").click()
    phone.get_by_test_id("shift-start").click()


def begin_shift(phone: Page, officer: str = "A1024", pin: str = PIN) -> None:
    """The first shift of an officer on this phone: the PIN is chosen, so it is typed twice."""
    phone.get_by_test_id("shift-officer").fill(officer)
    type_pin(phone, pin)
    type_pin(phone, pin)
    expect(phone.get_by_test_id("plate")).to_be_visible()
