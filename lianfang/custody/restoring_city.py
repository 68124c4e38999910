"""Restoring, second half: what was loaded becomes a city again, before any port opens.

In this order: numbers of transactions are raised above those stored, so that nothing written here lies between them; the
tables are brought to this program's; doors that stood open when the dump was made are closed; the purge ledger is
replayed; the board is counted anew and compared.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from lianfang.command.services import worker_session
from lianfang.custody.archives import Manifest
from lianfang.custody.archives_figures import Sample, days_without_key, rows_by_table, samples, span
from lianfang.custody.ledger import LedgerBroken, replay
from lianfang.custody.restoring import require_known
from lianfang.kernel.audit import Act, note
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import Unreadable
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble
from lianfang.situation.rebuild import rebuild
from lianfang.situation.recount import recount

_MIGRATIONS = "SELECT name FROM django_migrations WHERE app = 'lianfang'"
# Whoever was signed in signs in again; a link or code that was used after the dump must not work a second time.
_CLOSE_DOORS = (
    "UPDATE officer_session SET closed_at = now() WHERE closed_at IS NULL",
    "UPDATE set_up_link SET used_at = now() WHERE used_at IS NULL",
    "UPDATE activation_link SET used_at = now() WHERE used_at IS NULL",
    "UPDATE enrolment SET expires_at = now() WHERE used_at IS NULL AND expires_at > now()",
)


@dataclass
class Restored:
    """What came back. `differing`: tables whose counts are not the manifest's (archive, here); None without a manifest."""

    tables: dict[str, int]
    differing: dict[str, tuple[int, int]] | None
    oldest: datetime | None
    newest: datetime | None
    raised: int = 0
    migrated: bool = False
    purged: dict[str, int] = field(default_factory=dict)
    days_without_key: dict[str, int] = field(default_factory=dict)
    cells: int = 0
    cells_differing: int = 0

    @property
    def good(self) -> bool:
        return not (self.differing or self.days_without_key or self.cells_differing)


def settle_in(manifest: Manifest | None, *, at: datetime, archive: str, progress: Telling) -> Restored:
    """At the end everything is in place; what `Restored` says is for people to read."""
    restored = _compared(manifest, progress)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT lianfang_raise_tx()")
        restored.raised = int(cursor.fetchone()[0])
    restored.migrated = _migrate(progress)
    with connections["owner"].cursor() as cursor:
        for statement in _CLOSE_DOORS:
            cursor.execute(statement)
    progress.step("重放销毁账", "Replaying the purge ledger")
    restored.purged = _replay(at)
    _count_anew(restored, progress)
    with connections["owner"].cursor() as cursor:
        restored.days_without_key = days_without_key(cursor, key_folder())
    rows = sum(restored.tables.values())
    note(Act.RESTORED, by=None, subject=f"BACKUP {archive}", count=rows, details={"raised": restored.raised})
    connections["owner"].close()
    return restored


def unopened(progress: Telling) -> tuple[int, list[str]]:
    """Opens one sealed record a day, and the key of one file; answers how many days were tried, and which did not open."""
    progress.step("每天打开一条记录", "Opening one record a day")
    with connections["owner"].cursor() as cursor:
        tried = samples(cursor)
    closed = {sample.day.isoformat() for sample in tried if not _opens(sample)}
    return len({sample.day for sample in tried}), sorted(closed)


def _compared(manifest: Manifest | None, progress: Telling) -> Restored:
    progress.step("核对每张表", "Comparing every table")
    with connections["owner"].cursor() as cursor:
        cursor.execute(_MIGRATIONS)
        for (name,) in cursor.fetchall():
            require_known(name)
        tables, (oldest, newest) = rows_by_table(cursor), span(cursor)
    said = manifest.tables if manifest else tables
    names = sorted({*said, *tables})
    differing = {n: (said.get(n, 0), tables.get(n, 0)) for n in names if said.get(n) != tables.get(n)}
    return Restored(tables, differing if manifest else None, oldest, newest)


def _migrate(progress: Telling) -> bool:
    executor = MigrationExecutor(connections["owner"])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    progress.step("升级数据表", "Bringing the tables up to date")
    call_command("migrate", database="owner", verbosity=0)
    return True


def _count_anew(restored: Restored, progress: Telling) -> None:
    worker = worker_session()
    progress.step("用原始记录重新汇总", "Counting the cells anew")
    rebuild(worker, progress=progress.count)
    progress.step("逐格核对", "Comparing every cell")
    found = recount(worker)
    restored.cells, restored.cells_differing = found.cells, len(found.differences)


def _replay(at: datetime) -> dict[str, int]:
    try:
        return replay(at)
    except LedgerBroken as error:
        raise Trouble(
            f"密钥备份里的销毁账 purges.jsonl 被改过（{error}）：请换另一份密钥备份，数据没有启用。",
            f"The purge ledger in the key archive was changed ({error}): take another key archive; nothing was opened.",
        ) from error


def _opens(sample: Sample) -> bool:
    key = key_folder().key_in(sample.key)
    try:
        return key is not None and bool(key.unseal(sample.blob, sample.id))
    except Unreadable:
        return False
