"""An officer at the barrier, as a browser plays it: enrolling, the shift, and a car of four in three ways, touch by touch.

A touch is a pointer that goes down. Keys of the product's own keypads that type a character are characters; what is typed
on the phone's own keyboard (names, an address) never touches the page, its Enter keys are counted all the same.
"""

import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FAMILY = {
    "演示甲": "210381199002280013",
    "演示乙": "420106198807150041",
    "演示丙": "210727198503152019",
    "演示丁": "11010519491231002X",
}
PLATE = ("辽C", "1", "2", "3", "4", "5")
OFFICER, PIN = "A017", "2580"
COUNT = """
window.touches = [];
addEventListener('pointerdown', (event) => {
  const part = event.target.closest('[data-testid]');
  window.touches.push(part ? part.dataset.testid : event.target.tagName);
}, true);
addEventListener('keydown', (event) => event.key === 'Enter' && !window.gun && window.touches.push('Enter'), true);
"""
_TYPES_A_CHARACTER = re.compile(r"(plate|id|phone)-key-|temp-tenth-")
_A_GUN_S_PACE = 0.004  # seconds a key
_BOUNCE_MS = 450  # a second tap sooner than that is a glove's


def enrol(page: "Page", address: str) -> None:
    """From the code in the address to the form: the phone is enrolled, the shift begun with a PIN chosen."""
    page.goto(address)
    tap(page, "enrol-submit", "enrol-start")
    page.get_by_test_id("shift-officer").fill(OFFICER)
    for _ in range(2):
        press(page, "shift-pin", PIN)
        tap(page, "shift-start")
    page.wait_for_selector('[data-testid="plate"]', state="visible")


def tap(page: "Page", *parts: str) -> None:
    for part in parts:
        page.get_by_test_id(part).tap()


def press(page: "Page", keypad: str, characters: str | tuple[str, ...]) -> None:
    tap(page, *(f"{keypad}-{character}" for character in characters))


def counted(page: "Page") -> tuple[int, int]:
    """All touches since the last count, and those among them that typed no character."""
    touches = page.evaluate("window.touches.splice(0)")
    return len(touches), sum(not _TYPES_A_CHARACTER.match(part) for part in touches)


def typed(page: "Page") -> int:
    """Touches beyond the characters themselves for a car of four of which nothing is known."""
    counted(page)
    tap(page, "plate")
    press(page, "plate-key", PLATE)
    tap(page, "purpose-RESIDENT_RETURN")
    for place, (words, number) in enumerate(FAMILY.items()):
        name(page, words)
        press(page, "id-key", number)
        if place == 0:
            press(page, "phone-key", "13904160001")
        tap(page, "occupation-WORKER")
        if place == 0:
            way(page)
        press(page, "temp-tenth", "365")
        tap(page, "health-none-next" if place < len(FAMILY) - 1 else "health-none-finish")
    see_measures(page, len(FAMILY))
    return counted(page)[1]


def name(page: "Page", words: str) -> None:
    """On the phone's own keyboard, ended with its Enter key; the keypad for the number opens by itself."""
    page.wait_for_selector('[data-testid="name"]:focus')
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def way(page: "Page") -> None:
    """From Wuhan to a township of the county: villages come with the network, so here the township is the place."""
    tap(page, "region-search")
    page.keyboard.type("武汉")
    tap(page, "region-420100", "region-210381104")
    page.wait_for_selector('[data-testid="address"]:focus')
    page.keyboard.type("村东 3 号")
    page.keyboard.press("Enter")
    tap(page, "stays-from")


def prefilled(page: "Page") -> int:
    """All touches when the plate comes back within the day and an ID reader reads the cards: one telephone for the family."""
    counted(page)
    tap(page, "plate")
    press(page, "plate-key", PLATE)
    tap(page, "prefill")
    for place, (words, number) in enumerate(FAMILY.items()):
        shoot(page, f"{words},{number}\n")
        if place == 0:
            press(page, "phone-key", "13904160001")
        tap(page, "occupation-WORKER")
        if place == 0:
            page.wait_for_selector('[data-testid="address"]:focus')
            page.keyboard.type("村东 3 号")
            page.keyboard.press("Enter")
            tap(page, "stays-from")
        tap(page, "temp-chip-36.5")
        tap(page, "health-none-next" if place < len(FAMILY) - 1 else "health-none-finish")
    see_measures(page, len(FAMILY))
    return counted(page)[0]


def shoot(page: "Page", text: str) -> None:
    """Keys as a scanner gun or a card reader sends them: at a pace that waits for no page."""
    page.evaluate("window.gun = true")
    keyboard = page.context.new_cdp_session(page)
    began = time.time() - len(text) * _A_GUN_S_PACE
    for place, character in enumerate(text):
        key = {"key": "Enter", "text": "\r"} if character == "\n" else {"key": character, "text": character}
        at = began + place * _A_GUN_S_PACE
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **key})
    keyboard.detach()
    page.wait_for_timeout(_BOUNCE_MS)
    page.evaluate("window.gun = false")


def one_qr(page: "Page") -> int:
    """All touches when the family shows one code to the officer's camera, and only temperatures are left."""
    counted(page)
    tap(page, "scan-open")
    page.wait_for_selector('[data-testid="scan-outcome"]', state="visible")
    page.wait_for_selector('[data-testid="scan"]', state="detached")
    for _ in FAMILY:
        press(page, "temp-tenth", "365")
        page.wait_for_timeout(_BOUNCE_MS)
    tap(page, "finish")
    see_measures(page, len(FAMILY))
    return counted(page)[0]


def see_measures(page: "Page", people: int) -> None:
    page.wait_for_selector('[data-testid="measure"]', state="visible")
    for _ in range(people):
        tap(page, "measure-next")
        page.wait_for_timeout(_BOUNCE_MS)
    page.wait_for_selector('[data-testid="measure"]', state="hidden")
