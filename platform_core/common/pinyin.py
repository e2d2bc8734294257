"""How Chinese is read aloud, without tones. Pure."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Characters that are read otherwise when they are a family name.
FAMILY_NAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "任": "ren", "查": "zha", "朴": "piao",
    "区": "ou", "盖": "ge", "缪": "miao", "覃": "qin", "翟": "zhai", "召": "shao", "冼": "xian",
    "折": "she", "员": "yun", "黑": "he", "秘": "bi", "繁": "po", "尉": "wei", "乐": "yue",
    "宁": "ning", "沈": "shen", "车": "che", "哈": "ha", "么": "yao", "逄": "pang", "隗": "wei",
    "葛": "ge", "那": "na", "燕": "yan", "纪": "ji", "费": "fei", "盛": "sheng",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def syllables(run: str) -> tuple[str, ...]:
    """The pinyin of a Chinese run, a syllable for each character; words decide how one that has
    several sounds is read.
    """
    found = lazy_pinyin(run, style=Style.NORMAL, errors=lambda text: list(text))
    return tuple(found) if len(found) == len(run) else ()


@lru_cache(maxsize=20_000)
def name_sounds(name: str) -> frozenset[str]:
    """What somebody may type for a person's name: all of it and its first letters, as it is usually
    read and as family names are ("zengxiaobo", "zxb"), with lü also as passports write it (lyu).
    """
    name = "".join(name.split()).lower()
    if not name:
        return frozenset()
    readings = {syllables(name)}
    family = next((one for one in FAMILY_NAMES if name.startswith(one)), "")
    if family:
        readings.add((*FAMILY_NAMES[family].split(), *syllables(name[len(family) :])))
    found = set()
    for reading in readings:
        whole = "".join(reading)
        found |= {whole, whole.replace("lv", "lyu").replace("nv", "nyu")}
        found.add("".join(one[0] for one in reading if one))
    return frozenset(found - {""})
