"""The settings PostgreSQL runs with. Written anew at every start, so that a machine given more memory uses it."""

import os
from collections.abc import Mapping
from pathlib import Path

MEGABYTE = 1024 * 1024
USUAL_BUFFERS = 512 * MEGABYTE

# Only the local socket, and nobody without his password.
WHO_MAY_CONNECT = "local all all scram-sha-256\n"

ALWAYS = {
    "listen_addresses": "",  # no TCP at all
    "port": "5432",  # names the socket
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "idle_in_transaction_session_timeout": "30s",  # one forgotten transaction would hold the board's reader back
    "jit": "off",  # the wheel has none; a plan must not depend on which PostgreSQL runs it
    "shared_preload_libraries": "",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "lc_messages": "C",
    # A week of logs beside the cluster, a file a day.
    "log_destination": "stderr",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # No personal data in them: no statements, no parameters, no DETAIL ("Key (plate)=(…) already exists"),
    # and no failed statement's message ("invalid input syntax: …"): its sender is told, the log is not.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def settings(*, sockets: Path, hba_file: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """All settings by name; `extra` has the last word."""
    places = {"unix_socket_directories": f'"{sockets}"', "hba_file": str(hba_file)}
    return ALWAYS | places | {"shared_buffers": f"{shared_buffers(memory()) // MEGABYTE}MB"} | dict(extra)


def as_file(values: Mapping[str, str]) -> str:
    quoted = {name: value.replace("'", "''") for name, value in values.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in quoted.items())


def shared_buffers(memory: int) -> int:
    """Bytes: 512 MB, more on a machine of more than 8 GB, never above a quarter of the memory."""
    return min(max(USUAL_BUFFERS, memory // 16), memory // 4)


def memory() -> int:
    """Bytes this machine or its container has."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return machine
    return min(machine, int(limit)) if limit.isdigit() else machine
