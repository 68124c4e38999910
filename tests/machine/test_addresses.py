import socket
from ipaddress import IPv4Address

from lianfang.machine.addresses import free_port, lan_addresses, likeliest_first


def test_a_free_port_can_be_listened_on():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


def test_every_lan_address_is_this_machines_and_none_is_loopback():
    for address in lan_addresses():
        assert not IPv4Address(address).is_loopback
        with socket.socket() as listener:
            listener.bind((address, 0))


def test_private_addresses_come_first_then_the_interface_towards_the_gateway():
    found = {
        "eth0": IPv4Address("59.195.1.2"),
        "eth1": IPv4Address("10.1.1.1"),
        "wlan0": IPv4Address("192.168.1.7"),
    }
    ordered = likeliest_first(found, default="wlan0")
    assert [str(address) for address in ordered] == ["192.168.1.7", "10.1.1.1", "59.195.1.2"]


def test_bridges_of_containers_are_left_out():
    found = {
        "docker0": IPv4Address("172.17.0.1"),
        "br-5f3c": IPv4Address("172.18.0.1"),
        "en0": IPv4Address("10.0.0.2"),
    }
    assert likeliest_first(found, default=None) == [IPv4Address("10.0.0.2")]
