"""The columns of such tables, by the many names they go by, and the words that stand in them."""

from collections.abc import Mapping

from lianfang.kernel.as_typed import plain

_NAMES = {
    "grid": "网格 网格名称 网格编号 微网格 所属网格 小区 村组 村民小组 组",
    "door": "门牌 门牌号 地址 住址 详细地址 家庭住址 现住址 居住地址 房号 楼栋单元室 楼门号 楼号单元房号",
    "head": "户主 户主姓名",
    "name": "姓名 名字 家庭成员 成员姓名 居民姓名",
    "relation": "与户主关系 关系 与户主的关系 家庭关系",
    "document": "身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码",
    "sex": "性别",
    "born_on": "出生日期 出生年月 出生年月日 生日",
    "age": "年龄 岁数",
    "phone": "电话 电话号码 联系电话 联系方式 手机 手机号 手机号码",
    "occupancy": "居住情况 房屋情况 房屋状态 居住状态 自住出租空置 居住性质",
    "state": "人员状态 在户情况 是否在家 目前状态 人员情况 现状",
    "occupation": "职业 工作单位 单位",
    "note": "备注 说明 特殊情况 其他",
}
# Columns that say nothing about the person: the row's number, and why we gave the row back.
ROW_NUMBER = frozenset({"序号", "编号", "NO", "NO.", "#", "核对原因", "WHYTOCHECK"})
COLUMNS = {name: key for key, names in _NAMES.items() for name in names.split()}
NEEDED = frozenset({"name", "door"})  # a row of headings has these two

RELATIONS = {
    "HEAD": "户主 本人 户主本人",
    "SPOUSE": "配偶 妻 夫 妻子 丈夫 之妻 之夫 爱人",
    "CHILD": "子 女 儿子 女儿 长子 次子 三子 长女 次女 三女 之子 之女 独生子 独生女 子女 养子 养女",
    "PARENT": "父 母 父亲 母亲 爸爸 妈妈 岳父 岳母 公公 婆婆 父母",
    "GRANDCHILD": "孙 孙子 孙女 外孙 外孙女 外孙子 孙辈",
    "GRANDPARENT": "祖父 祖母 爷爷 奶奶 外祖父 外祖母 姥姥 姥爷 祖辈",
    "SIBLING": "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹",
    "OTHER_KIN": "儿媳 女婿 媳妇 侄子 侄女 亲属 其他亲属 其他",
    "TENANT": "租客 租户 承租人 房客",
    "NO_KIN": "非亲属 保姆 同住人 朋友",
    "UNKNOWN": "不详 关系不详",
}
STATES = {
    "PRESENT": "在家 在 是 常住 正常 在本地 在村 在住",
    "AWAY": "外出 不在家 不在 否 在外 在外地 外出务工 务工 上学 外出上学 打工",
    "RETURNED": "返回 返乡 外地返回 已返回 回来",
    "QUARANTINED": "隔离 居家隔离 隔离中 隔离观察 居家观察",
    "HOSPITALISED": "住院 住院中",
    "MOVED_OUT": "迁出 搬走 已搬走 已迁出",
}
OCCUPANCIES = {
    "OCCUPIED": "自住 自有 自用 常住 有人住 在住",
    "RENTED": "出租 租住 租 租房 承租 租赁",
    "VACANT": "空置 空 空房 闲置 无人 无人居住 空户",
    "MOVED": "搬离 已搬离 搬迁",
}
SEXES = {"F": "女 女性 F", "M": "男 男性 M"}


def heading(text: str) -> str:
    """A heading as it is compared: without spaces, brackets and what stands in them."""
    return plain(text).split("(")[0].split("（")[0].strip("*:：")


def code_of(said: str, words: Mapping[str, str]) -> str | None:
    """The code whose words these are; None for others."""
    wanted = plain(said)
    return next((code for code, names in words.items() if wanted in names.upper().split()), None)
