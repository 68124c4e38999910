"""Sort and search keys for Chinese names: a stored key, since no collation of the database is relied on."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

# How these are read in place names, where the dictionary's usual reading is another.
_IN_PLACE_NAMES = {
    "长": "cháng,zhǎng",
    "朝": "cháo,zhāo",
    "单": "shàn,dān",
    "曾": "zēng,céng",
    "卜": "bǔ,bo",
    "朴": "piáo,pǔ",
}
_PLACES = {
    "朝阳": "cháo yáng",
    "浚县": "xùn xiàn",
    "涡阳": "guō yáng",
    "郫都": "pí dū",
    "筠连": "jūn lián",
    "荥经": "yíng jīng",
    "什邡": "shí fāng",
    "洪洞": "hóng tóng",
    "大城县": "dài chéng xiàn",
    "繁峙": "fán shì",
    "珲春": "hún chūn",
    "宕昌": "tàn chāng",
    "都匀": "dū yún",
    "民乐": "mín lè",
    "解家": "xiè jiā",
}
load_single_dict({ord(character): readings for character, readings in _IN_PLACE_NAMES.items()})
load_phrases_dict({place: [[syllable] for syllable in reading.split()] for place, reading in _PLACES.items()})


@lru_cache(maxsize=4096)
def search_key(name: str) -> str:
    """Full pinyin without tones, then its initials: 义县 → "yixian yx". Other characters stay, in lower case."""
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    full = "".join(syllables).lower().replace(" ", "")
    return f"{full} {''.join(syllable[:1] for syllable in syllables).lower()}"
