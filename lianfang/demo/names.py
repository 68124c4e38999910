"""Names as people bear them: surnames by their share of the population, given names by generation."""

from datetime import date
from random import Random

from lianfang.demo.chance import Weighted, pick

# Shares in per cent, after the surname report of the Ministry of Public Security for 2019 (published January 2020),
# 王李张刘 a little more, as everywhere in the north-east.
SURNAMES = Weighted(
    [
        ("王", 8.2), ("李", 8.0), ("张", 7.7), ("刘", 6.2), ("陈", 3.6), ("杨", 3.2), ("赵", 2.9), ("孙", 2.4),
        ("黄", 1.4), ("周", 1.6), ("吴", 1.5), ("徐", 1.6), ("马", 1.5), ("朱", 1.2), ("胡", 1.0), ("郭", 1.2),
        ("何", 0.9), ("林", 0.9), ("罗", 0.6), ("高", 1.4), ("郑", 0.9), ("梁", 0.8), ("谢", 0.6), ("宋", 1.1),
        ("唐", 0.6), ("许", 0.7), ("韩", 1.0), ("冯", 0.7), ("邓", 0.5), ("曹", 0.6), ("彭", 0.4), ("曾", 0.3),
        ("肖", 0.5), ("田", 0.6), ("董", 0.7), ("袁", 0.4), ("潘", 0.5), ("于", 1.3), ("蒋", 0.4), ("蔡", 0.4),
        ("余", 0.3), ("杜", 0.5), ("叶", 0.4), ("程", 0.4), ("苏", 0.4), ("魏", 0.6), ("吕", 0.5), ("丁", 0.5),
        ("任", 0.5), ("沈", 0.4), ("姚", 0.4), ("卢", 0.3), ("姜", 0.8), ("崔", 0.6), ("谭", 0.3), ("陆", 0.3),
        ("汪", 0.3), ("范", 0.4), ("金", 0.6), ("石", 0.4), ("廖", 0.2), ("贾", 0.4), ("夏", 0.3), ("付", 0.4),
        ("方", 0.3), ("白", 0.5), ("邹", 0.3), ("孟", 0.3), ("秦", 0.3), ("关", 0.5), ("佟", 0.3), ("尹", 0.3),
        ("薛", 0.3), ("闫", 0.4), ("段", 0.2), ("雷", 0.2), ("侯", 0.3), ("史", 0.2), ("陶", 0.2), ("贺", 0.2),
        ("那", 0.2), ("郝", 0.3), ("战", 0.1), ("邵", 0.3), ("常", 0.3), ("武", 0.2), ("孔", 0.2), ("欧阳", 0.1),
    ]
)  # fmt: skip
_MEN = (
    (1960, "德玉国振福永春长成万殿", "山林财臣才海江贵生田库"),
    (1980, "建国志永洪宝立春文明大", "军国伟刚强华斌民平生利"),
    (2000, "海晓明志俊鹏文浩立成宏", "涛鹏磊亮勇超辉飞龙伟峰"),
    (9999, "浩子宇俊梓博天铭一嘉泽", "轩宇然泽涵瑞辰阳睿霖航"),
)
_WOMEN = (
    (1960, "桂秀玉淑凤素春月金翠", "兰英芝珍芬荣琴华香清"),
    (1980, "丽艳淑秀玉红春海亚晓", "华艳梅敏杰霞玲娟丽红"),
    (2000, "晓丽雪文佳思海婷静欣", "娜婷雪丹莹静楠颖琳佳"),
    (9999, "欣雨子梓诗一佳思语若", "涵萱怡彤琪瑶桐馨妍诺"),
)


def surname(chance: Random) -> str:
    return SURNAMES.draw(chance)


def given_name(chance: Random, *, male: bool, born_on: date) -> str:
    """Two characters, or for one in five the second alone."""
    first, second = next(signs for before, *signs in (_MEN if male else _WOMEN) if born_on.year < before)
    return f"{pick(chance, first) if chance.random() < 0.8 else ''}{pick(chance, second)}"
