"""Getting hold of the database: started if it must be, migrated if it must be, left when done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from lianfang.custody.restoring import require_restored
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster
from lianfang.machine.progress import Silent, Telling


@contextmanager
def running(progress: Telling | None = None) -> Iterator[Cluster]:
    """The data folder's cluster, running, with Django set up on it."""
    data = DataFolder.open(None)
    require_restored(data)
    os.environ["LIANFANG_DATA"] = str(data.path)
    cluster = Cluster(data)
    cluster.start(progress)
    try:
        _django(progress or Silent())
        yield cluster
    finally:
        cluster.stop()


def _django(progress: Telling) -> None:
    import django  # noqa: PLC0415 -- its settings read the data folder, which is only known now
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    django.setup()
    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        progress.step("建立数据表", "Making the tables")
        call_command("migrate", database="owner", verbosity=0)
    connections["owner"].close()
