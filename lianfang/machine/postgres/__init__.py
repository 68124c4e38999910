"""PostgreSQL for one data folder: found or started, with its roles and its database in place."""

from lianfang.machine.postgres.binaries import Binaries, find_binaries
from lianfang.machine.postgres.cluster import Cluster
from lianfang.machine.postgres.database import Database, Role

__all__ = ["Binaries", "Cluster", "Database", "Role", "find_binaries"]
