"""What departments are for: the functions that every region's government has, with their names. Pure."""

from __future__ import annotations

# kind: (zh function, en function, zh name at province, city and county level, {r} is the region's short name)
_KINDS = {
    "government": ("政府", "Government", "{r}人民政府", "{r}人民政府", "{r}人民政府"),
    "service_bureau": (
        "政务服务", "Government Services", "{r}政务服务管理办公室",
        "{r}政务服务管理办公室", "{r}政务服务管理办公室",
    ),
    "emergency_desk": (
        "疫情防控", "Epidemic Control Desk", "{r}疫情防控工作领导小组办公室",
        "{r}疫情防控工作领导小组办公室", "{r}疫情防控工作领导小组办公室",
    ),
    "health": ("卫生健康", "Health", "{r}卫生健康委员会", "{r}卫生健康委员会", "{r}卫生健康局"),
    "economy": (
        "经济和信息化", "Economy and Information Technology", "{r}经济和信息化厅",
        "{r}经济和信息化局", "{r}经济和信息化局",
    ),
    "market": (
        "市场监管", "Market Regulation", "{r}市场监督管理局", "{r}市场监督管理局", "{r}市场监督管理局",
    ),
    "social_security": (
        "人力社保", "Human Resources and Social Security", "{r}人力资源和社会保障厅",
        "{r}人力资源和社会保障局", "{r}人力资源和社会保障局",
    ),
    "medical_insurance": (
        "医疗保障", "Medical Insurance", "{r}医疗保障局", "{r}医疗保障局", "{r}医疗保障局",
    ),
    "civil_affairs": ("民政", "Civil Affairs", "{r}民政厅", "{r}民政局", "{r}民政局"),
    "police": ("公安", "Public Security", "{r}公安厅", "{r}公安局", "{r}公安局"),
    "housing": (
        "住房和城乡建设", "Housing and Construction", "{r}住房和城乡建设厅",
        "{r}住房和城乡建设局", "{r}住房和城乡建设局",
    ),
    "housing_fund": (
        "住房公积金", "Housing Fund", "{r}住房公积金监管中心",
        "{r}住房公积金管理中心", "{r}住房公积金管理分中心",
    ),
    "education": ("教育", "Education", "{r}教育厅", "{r}教育局", "{r}教育局"),
}  # fmt: skip
_SUFFIX = {
    "government": "Government", "service_bureau": "Office", "emergency_desk": "", "health": "Bureau",
    "economy": "Bureau", "market": "Bureau", "social_security": "Bureau", "medical_insurance": "Bureau",
    "civil_affairs": "Bureau", "police": "Bureau", "housing": "Bureau", "housing_fund": "Centre",
    "education": "Bureau",
}  # fmt: skip

KINDS = {kind: {"zh": words[0], "en": words[1]} for kind, words in _KINDS.items()}


def kind_title(kind: str) -> dict[str, str]:
    """The function in both languages; an unknown kind is its own name."""
    return KINDS.get(kind, {"zh": kind, "en": kind.replace("_", " ").capitalize()})


def name_for(kind: str, region: str, level: int) -> str:
    """The usual Chinese name of a department, e.g. 西湖区卫生健康局."""
    return _KINDS[kind][1 + min(level, 3)].format(r=region)


def name_en_for(kind: str, region_en: str) -> str:
    """The usual English name of a department, e.g. Xihu District Health Bureau."""
    if kind == "government":
        return f"{region_en} Government"
    return f"{region_en} {KINDS[kind]['en']} {_SUFFIX[kind]}".strip()
