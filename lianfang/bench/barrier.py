"""An officer at the barrier, as a browser plays it: enrolling, opening the form, and a car of four in three ways."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from lianfang.bench.installation import Installation


def enrol(page: "Page") -> None:
    page.get_by_test_id("enrol-submit").click()
    page.get_by_test_id("enrol-start").click()


def open_form(page: "Page") -> None:
    page.wait_for_selector('[data-testid="plate"]', state="visible")


FLOWS: "dict[str, Callable[[Page, Installation], None]]" = {}


def touches_of(flow: "Callable[[Page, Installation], None]", page: "Page", site: "Installation") -> int:
    return 0
