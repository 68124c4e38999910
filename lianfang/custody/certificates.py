"""The certificate of a purge: what was cleared of which day, which keys went, on whose word, and a hash over it all."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianfang.custody import ledger
from lianfang.custody.models import Purge

BEGUN: dict[str, Any] = {"steps": [], "keys": []}


def begun(purge: Purge) -> dict[str, Any]:
    """What is written down of it so far: {"steps": [{"what", "day", "counts"}], "keys": […]}."""
    said = purge.certificate or BEGUN
    return {"steps": list(said["steps"]), "keys": list(said["keys"])}


def add(
    said: dict[str, Any], *, what: str, day: str, counts: Mapping[str, int], keys: list[str]
) -> dict[str, int]:
    """Adds a step, or to it when it was interrupted and is done again; answers the step's counts as they are now."""
    step = next((one for one in said["steps"] if (one["what"], one["day"]) == (what, day)), None)
    if step is None:
        step = {"what": what, "day": day, "counts": {}}
        said["steps"].append(step)
    step["counts"] = dict(Counter(step["counts"]) + Counter(counts))
    said["keys"] += [key for key in keys if key not in said["keys"]]
    return dict(step["counts"])


def complete(purge: Purge, said: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The certificate as it is kept and printed. Counts are of rows cleared, by table; of persons nothing is said."""
    lines, head = ledger.head()
    total: Counter[str] = Counter()
    for step in said["steps"]:
        total += Counter(step["counts"])
    whole = {
        "purge": str(purge.id),
        "kind": purge.kind,
        "up_to": purge.up_to.isoformat() if purge.up_to else None,
        "reason": purge.reason,
        "proposed_by": str(purge.proposed_by),
        "proposed_at": purge.proposed_at.isoformat(),
        "signed_by": str(purge.signed_by),
        "signed_at": purge.signed_at.isoformat() if purge.signed_at else None,
        "done_at": at.isoformat(),
        "steps": said["steps"],
        "counts": dict(total),
        "keys": said["keys"],
        "ledger": {"lines": lines, "head": head},
    }
    return {**whole, "hash": hash_of(whole)}


def hash_of(certificate: Mapping[str, Any]) -> str:
    """SHA-256 over everything but the hash itself, as canonical JSON."""
    said = {name: value for name, value in certificate.items() if name != "hash"}
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
