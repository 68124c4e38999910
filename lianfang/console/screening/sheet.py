"""lianfang screening sheet CODE FILE: a shipped rule set, or one of the database by its hash, as a workbook."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lianfang.console import say
from lianfang.console.database import running
from lianfang.console.screening.register import names_of
from lianfang.machine.trouble import Trouble
from lianfang.screening.rules import hash_of
from lianfang.screening.sheets import write_sheet
from lianfang.screening.shipped import SHIPPED, shipped


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "set", metavar="CODE", help="自带规则的代码，或规则的哈希 / a shipped code, or a hash"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="写到哪里（xlsx）/ where to (xlsx)")


def run(options: argparse.Namespace) -> int:
    content = shipped(options.set).content if options.set in SHIPPED else _stored(options.set)
    names = names_of(area["code"] for area in content["areas"])
    try:
        with options.file.open("xb") as file:  # never over what somebody has edited
            file.write(write_sheet(content, names=names))
    except OSError as error:
        raise Trouble(
            f"写不了 {options.file}：{error.strerror}", f"{options.file} cannot be written: {error.strerror}"
        ) from None
    say(options, f"{options.file}: {content['title']['zh']} {hash_of(content)}")
    return 0


def _stored(content_hash: str) -> Mapping[str, Any]:
    """A rule set that was in force, or drafted and approved here."""
    with running():
        from lianfang.screening.models import StoredRuleSet  # noqa: PLC0415 -- after Django is set up

        kept = StoredRuleSet.objects.filter(hash=content_hash).first()
    if kept is None:
        raise Trouble(
            f"没有 {content_hash} 这套规则；自带的有：{'、'.join(SHIPPED)}。",
            f"There is no rule set {content_hash}; those that come with the program: {', '.join(SHIPPED)}.",
        )
    content: dict[str, Any] = json.loads(kept.content)
    return content
