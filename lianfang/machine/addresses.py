"""Addresses of this machine: where a phone on the local network finds it, and which port is free."""

import fcntl
import ipaddress
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

# Bridges and tunnels of containers and virtual machines: no phone is on them.
INTERNAL = re.compile(r"(docker|br-|veth|virbr|vnet|vmnet|cni|flannel|cali|podman|lxc|lxd|kube)")
PRIVATE_USE = tuple(map(ipaddress.IPv4Network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12")))

_SIOCGIFFLAGS = 0x8913
_SIOCGIFADDR = 0x8915
_UP, _LOOPBACK, _RUNNING = 0x1, 0x8, 0x40
_INTERFACE_NAME = 15  # the kernel's longest, without the closing NUL


def lan_addresses() -> list[str]:
    """IPv4 addresses under which the local network reaches this machine, the likeliest first; may be empty."""
    found = {name: address for _, name in socket.if_nameindex() if (address := _address(name))}
    return [str(address) for address in likeliest_first(found, default=_default_interface())]


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def likeliest_first(
    found: Mapping[str, ipaddress.IPv4Address], *, default: str | None
) -> list[ipaddress.IPv4Address]:
    """Addresses by interface, put in order: private ranges first, then the interface towards the default gateway."""

    def rank(name: str) -> tuple[bool, bool, str]:
        return (not any(found[name] in network for network in PRIVATE_USE), name != default, name)

    return [found[name] for name in sorted(found, key=rank) if not INTERNAL.match(name)]


def _address(interface: str) -> ipaddress.IPv4Address | None:
    flags = _asked(interface, _SIOCGIFFLAGS)
    if flags is None or not _in_use(struct.unpack_from("=H", flags, 16)[0]):
        return None
    answer = _asked(interface, _SIOCGIFADDR)
    return ipaddress.IPv4Address(answer[20:24]) if answer else None


def _in_use(flags: int) -> bool:
    return flags & (_UP | _RUNNING) == _UP | _RUNNING and not flags & _LOOPBACK


def _asked(interface: str, question: int) -> bytes | None:
    """The kernel's answer to an interface question (struct ifreq), None when it has none."""
    request = struct.pack("256s", interface.encode()[:_INTERFACE_NAME])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            return fcntl.ioctl(asker, question, request)
        except OSError:
            return None


def _default_interface() -> str | None:
    """The interface towards the default gateway: the one a visitor's phone most likely shares."""
    try:
        routes = Path("/proc/net/route").read_text().splitlines()[1:]
    except OSError:
        return None
    columns = (route.split() for route in routes)
    return next((name for name, destination, *_ in columns if destination == "00000000"), None)
