"""A small city with everything a backup must bring back, and the command as an engineer types it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lianfang.command.services import worker_session
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster, Database
from lianfang.machine.postgres.roles import Admin, connect
from lianfang.people.facts import Call, DocumentTold, DoorTold, PersonTold, WantedFile
from lianfang.people.services import Door, join, open_files, open_households
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import catch_up
from tests.factories import Generated, Intake, Json, checkpoint, device, officer, today

PASSPHRASE = "绿水青山就是金山银山，不要写在纸上"
DAYS = 3


def settle(database: Database) -> list[Json]:
    """Passages of three days with people, a correction and a conflict, all folded; answers the passages."""
    checkpoint("GATE")
    intake = Intake(database, device("GATE"))
    officer()
    passages = []
    for back in range(DAYS):
        at = start_of(today() - timedelta(days=back)) + timedelta(hours=1)
        made = Generated(back, at=min(at, datetime.now(UTC)))
        passage = made.passage(people=2)
        passages.append(passage)
        intake.send(made.parcel(passage, made.passage(people=1)))
        intake.send(made.parcel(made.correction(passage["id"], {"direction": "OUT"})))
        intake.send(made.parcel({**passage, "plate": made.plate()}))  # the same id with another content
    worker = worker_session()
    lived_in(worker)
    catch_up(worker)
    count_all_tables(worker)
    return passages


def lived_in(worker: Reach) -> None:
    """A household with somebody in it: files with keys of their own."""
    at = datetime.now(UTC)
    (home,) = open_households(by=worker, at=at, doors=[Door("210381101200", DoorTold(address="丰台路8号"))])
    told = PersonTold(name="王归来", document=DocumentTold("RESIDENT_ID", Generated(9).resident_id()))
    (file,) = open_files(
        worker=worker, at=at, wanted=[WantedFile(Call("REFERRAL", "1"), told, home.division)]
    )
    join(by=worker, at=at, person=file.id, household=home.id, relation="HEAD")


def lianfang(*words: object, **more: Any) -> "subprocess.CompletedProcess[str]":
    """The command, to its end."""
    kept: dict[str, Any] = {"capture_output": True, "text": True, "check": False, **more}
    return subprocess.run(command(*words), **kept)


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "lianfang", *map(str, words)]


@contextmanager
def owner_of(folder: Path) -> Iterator[Admin]:
    """A connection to a data folder's database, as its owner; the cluster runs meanwhile."""
    cluster = Cluster(DataFolder.open(folder))
    database = cluster.start()
    try:
        with connect(database, "owner") as connection:
            yield connection
    finally:
        cluster.stop()


def demolish(folder: Path) -> None:
    if os.path.lexists(folder / "postgres"):
        Cluster(DataFolder.open(folder)).demolish()


def processes_in(folder: Path) -> list[int]:
    """Living processes whose command line names the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words:
                found.append(int(entry.name))
    return found
