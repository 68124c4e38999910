"""What a traveller's phone would show: declarations sealed as the traveller's page does, as QR texts and as camera pictures."""

import base64
import hashlib
import json
import urllib.request
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from lianfang.kernel.envelopes import seal_to
from lianfang.kernel.ids import uuid7

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LONGEST = 1000
SIDE = 480  # pixels of a camera picture
FRAMES_EACH = 8
WHITE, BLACK, GREY = b"\xeb", b"\x10", b"\x80"


@dataclass(frozen=True)
class Declared:
    """One declaration: its id, the binary that is posted, and the texts of its QR codes."""

    id: uuid.UUID
    binary: bytes
    texts: list[str]


def ask(base: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body else None
    question = urllib.request.Request(  # noqa: S310 -- the loopback
        f"{base}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(question, timeout=10) as answer:  # noqa: S310 -- the loopback
        said: dict[str, Any] = json.load(answer)
    return said


def traveller(name: str, number: str, **more: Any) -> dict[str, Any]:
    """Somebody who does not exist, who declares everything that is asked."""
    said = {
        "name": name,
        "document": {"type": "RESIDENT_ID", "number": number},
        "phone": "13800000000",
        "occupation": "FARMER",
        "from_code": "420100",
        "destination": {"code": "210381", "address": "测试路1号"},
        "symptoms": [],
        "case_contact": False,
    }
    return {**said, **more}


def declare(base: str, checkpoint: str, people: list[dict[str, Any]], **more: Any) -> Declared:
    """Sealed to the checkpoint's key of the day as the served city gives it."""
    here = ask(base, f"/api/v1/declaring/{checkpoint}")
    id = uuid7()
    content = {"v": 1, "id": str(id), "kind": "DECLARATION", "made_at": here["server_time"]}
    content |= {"checkpoint": checkpoint, "people": people, **more}
    plain = json.dumps(content, ensure_ascii=False).encode()
    packed = zlib.compress(plain, 9, wbits=-zlib.MAX_WBITS)
    info = f"lianfang declaration v1 {checkpoint}".encode()
    envelope = seal_to(base64.b64decode(here["key"]["public"]), packed, info=info)
    binary = b"\x01" + int(here["key"]["id"]).to_bytes(4) + envelope
    return Declared(id, binary, texts_of(binary))


def leave(base: str, declared: Declared, checkpoint: str, people: int, **more: Any) -> str:
    """Posts it as the traveller's page does; the short code."""
    body = {"id": str(declared.id), "checkpoint": checkpoint, "kind": "DECLARATION", "people": people}
    body |= {"sealed": base64.b64encode(declared.binary).decode(), **more}
    code: str = ask(base, "/api/v1/declarations", body)["short_code"]
    return code


def texts_of(binary: bytes, *, longest: int = LONGEST) -> list[str]:
    text = base45(binary)
    if len(text) + 4 <= longest:
        return [f"LF1:{text}"]
    count = -(-len(text) // (longest - len("LF1/99/99/HHHH:")))
    size = -(-len(text) // count)
    tag = hashlib.sha256(binary).hexdigest()[:4].upper()
    return [f"LF1/{i + 1}/{count}/{tag}:{text[i * size : (i + 1) * size]}" for i in range(count)]


def base45(data: bytes) -> str:
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            text += BASE45[digit]
    return text


def film(path: Path, texts: list[str]) -> Path:
    """A Y4M file for Chromium's fake camera: each code for a moment, in turn; without codes an empty wall."""
    pictures = [picture_of(text) for text in texts] or [GREY * (SIDE * SIDE)]
    colourless = b"\x80" * (SIDE * SIDE // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIDE} H{SIDE} F10:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            file.write((b"FRAME\n" + picture + colourless) * FRAMES_EACH)
    return path


def picture_of(text: str) -> bytes:
    """The luma of a square picture with the code in its middle."""
    rows = [list(row) for row in segno.make_qr(text, error="l").matrix_iter(border=4)]
    scale = SIDE // len(rows)
    left = (SIDE - scale * len(rows)) // 2
    margin = WHITE * left
    lines = []
    for row in rows:
        modules = b"".join((BLACK if dark else WHITE) * scale for dark in row)
        line = (margin + modules).ljust(SIDE, WHITE)
        lines += [line] * scale
    blank = WHITE * SIDE
    return b"".join([blank] * left + lines).ljust(SIDE * SIDE, WHITE)
