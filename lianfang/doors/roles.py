"""Which role may do what and open what (docs/roles.md), made from the roles and the street map.

docs/roles.md is what this module prints: python -m lianfang.doors.roles > docs/roles.md
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import django
from django.urls import URLPattern, URLResolver, get_resolver

from lianfang.command.roles import PERMISSION_NAMES, ROLES, Permission

ANYBODY, ANYBODY_SIGNED_IN, DEVICES = "任何人", "已登录", "登记过的手机"
POSTERS = "扫了村里海报的人"
# The guard lets anybody through to these; behind it they ask for a device's token.
ASK_FOR_A_DEVICE = ("api-device", "api-device-state", "api-device-declaration", "api-device-roster")
# Behind the guard these ask for one of further permissions.
ASK_FOR_MORE = {"refuse-purge": ("PROPOSE_PURGES", "SIGN_PURGES")}

HEAD = """# 岗位与权限

本页由代码生成（`python -m lianfang.doors.roles`），测试把它与代码对照。谁能看什么，由**岗位**（能做什么）和**管辖范围**（在哪里）相乘决定：页面查一遍，数据库再查一遍。
一人同时只任一个岗位；任职一结束，下一次点击就什么也看不到。辖区以外的编号一律答“没有”（404），不说它存在。系统、安全、审计三员由三个人分任，见
[决定 0021](decisions/0021-three-administrators-are-three-people.md)。

数据库再查的那一遍，挡的是写错的查询、伪造的会话和越权的页面。它不挡完全控制了网站程序的人：登录由网站程序核对，所以它的数据库角色可以为任何在任的人打开会话
（`lianfang_open_session`）、关闭会话（`lianfang_close_sessions`），也能改任职表。接收程序和销毁程序的角色都不能。
"""


class Address(NamedTuple):
    """One address of the street map. `access`: public, signed-in, or the permission it asks for."""

    path: str
    name: str
    methods: tuple[str, ...]
    access: str


# These two stand before Django (doors/site.py) and see to who asks by themselves.
BEFORE_DJANGO = (
    (Address("/api/v1/parcels", "intake", ("POST",), ""), DEVICES),
    (Address("/api/v1/village-check-in", "api-village-check-in", ("POST",), ""), POSTERS),
    (Address("/api/v1/village-check-in/page", "api-village-page", ("POST",), ""), POSTERS),
    (Address("/api/v1/board/stream", "stream", ("GET",), ""), ""),
)


def page() -> str:
    """The whole of docs/roles.md."""
    parts = [
        HEAD,
        "## 岗位\n",
        _roles(),
        "## 岗位能做什么\n",
        _permissions(),
        "## 岗位能打开什么\n",
        _addresses(),
    ]
    return "\n".join(parts)


def addresses(resolver: URLResolver | None = None, under: str = "/") -> Iterator[Address]:
    """Every address of the site, in the order of the street map."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = under + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            methods = tuple(m for m in getattr(view, "methods", ()) if m != "HEAD")
            yield Address(path, str(pattern.name), methods, str(getattr(view, "access", "")))


def _roles() -> str:
    return _table(
        ("岗位", "代码", "做什么"), ((r.name, f"`{r.code}`", r.description) for r in ROLES.values())
    )


def _permissions() -> str:
    held = (
        (PERMISSION_NAMES[one], f"`{one}`", *("●" if one in r.permissions else "" for r in ROLES.values()))
        for one in Permission
    )
    return _table(("权限", "代码", *(role.name for role in ROLES.values())), held)


def _addresses() -> str:
    rows = [(address, _who(address)) for address in addresses()]
    rows += [(a, who or _with("VIEW_BOARD", "VIEW_WALL")) for a, who in BEFORE_DJANGO]
    listed = (
        (f"`{_spelt(address.path)}`", f"`{address.name}`", " ".join(address.methods), who)
        for address, who in sorted(rows, key=lambda row: row[0].path)
    )
    note = "打开大屏和它的数字，有大屏令牌的屏幕不用登录也可以。后台程序不能登录。\n"
    return note + "\n" + _table(("地址", "名称", "方法", "谁能打开"), listed)


def _who(address: Address) -> str:
    from lianfang.doors.guard import SIGNED_IN  # noqa: PLC0415 -- its models want Django set up first

    if address.name in ASK_FOR_A_DEVICE:
        return DEVICES
    if address.name in ASK_FOR_MORE:
        return _with(*ASK_FOR_MORE[address.name])
    known = {"public": ANYBODY, SIGNED_IN: ANYBODY_SIGNED_IN}
    return known.get(address.access) or _with(address.access)


def _with(*permissions: str) -> str:
    """The roles that hold one of them."""
    able = (
        role.name for role in ROLES.values() if role.permissions & set(permissions) and role.code != "WORKER"
    )
    return "、".join(able)


def _spelt(path: str) -> str:
    """/desk/passages/<uuid:passage_id> → /desk/passages/<passage_id>"""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", path)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(headings)]
    lines.append(["---"] * len(lines[0]))
    lines += [list(row) for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.project.settings")
    with tempfile.TemporaryDirectory() as folder:  # the street map is read; no data folder is needed or made
        os.environ["LIANFANG_DATA"] = folder
        django.setup()
        sys.stdout.write(page())
