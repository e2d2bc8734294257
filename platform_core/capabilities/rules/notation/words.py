"""What operations are called in a formula: the first name is the one written, all are read."""

from ..operators import OPERATORS

FUNCTIONS = {
    "if": {"zh": ["如果"], "en": ["if"]},
    "empty": {"zh": ["为空", "未填写"], "en": ["empty"]},
    "filled": {"zh": ["已填写"], "en": ["filled"]},
    "between": {"zh": ["介于"], "en": ["between"]},
    "and": {"zh": ["且", "并且"], "en": ["and"]},
    "or": {"zh": ["或", "或者"], "en": ["or"]},
    "+": {"zh": ["相加"], "en": ["add"]},
    "-": {"zh": ["相减"], "en": ["subtract"]},
    "*": {"zh": ["相乘"], "en": ["multiply"]},
    "/": {"zh": ["相除"], "en": ["divide"]},
    "mod": {"zh": ["求余"], "en": ["mod"]},
    "abs": {"zh": ["绝对值"], "en": ["abs"]},
    "floor": {"zh": ["向下取整"], "en": ["floor"]},
    "ceil": {"zh": ["向上取整"], "en": ["ceil"]},
    "round": {"zh": ["四舍五入"], "en": ["round"]},
    "min": {"zh": ["最小"], "en": ["min"]},
    "max": {"zh": ["最大"], "en": ["max"]},
    "number": {"zh": ["转数值"], "en": ["number"]},
    "text": {"zh": ["转文字"], "en": ["text"]},
    "length": {"zh": ["字数"], "en": ["length"]},
    "concat": {"zh": ["连接"], "en": ["concat"]},
    "contains": {"zh": ["包含"], "en": ["contains"]},
    "starts_with": {"zh": ["开头是"], "en": ["starts_with"]},
    "ends_with": {"zh": ["结尾是"], "en": ["ends_with"]},
    "upper": {"zh": ["转大写"], "en": ["upper"]},
    "lower": {"zh": ["转小写"], "en": ["lower"]},
    "trim": {"zh": ["去空白"], "en": ["trim"]},
    "slice": {"zh": ["截取"], "en": ["slice"]},
    "today": {"zh": ["今天"], "en": ["today"]},
    "year": {"zh": ["年份"], "en": ["year"]},
    "month": {"zh": ["月份"], "en": ["month"]},
    "day": {"zh": ["日"], "en": ["day"]},
    "weekday": {"zh": ["星期"], "en": ["weekday"]},
    "add_days": {"zh": ["加天"], "en": ["add_days"]},
    "add_months": {"zh": ["加月"], "en": ["add_months"]},
    "days_between": {"zh": ["天数"], "en": ["days_between"]},
    "months_between": {"zh": ["月数"], "en": ["months_between"]},
    "years_between": {"zh": ["年数"], "en": ["years_between"]},
    "is_working_day": {"zh": ["是工作日"], "en": ["is_working_day"]},
    "add_working_days": {"zh": ["加工作日"], "en": ["add_working_days"]},
    "working_days_between": {"zh": ["工作日数"], "en": ["working_days_between"]},
    "age": {"zh": ["年龄", "周岁"], "en": ["age"]},
    "birthday": {"zh": ["出生日期"], "en": ["birthday"]},
    "sex": {"zh": ["性别"], "en": ["sex"]},
    "count": {"zh": ["计数"], "en": ["count"]},
    "sum": {"zh": ["合计", "求和"], "en": ["sum"]},
    "avg": {"zh": ["平均"], "en": ["avg", "average"]},
    "min_of": {"zh": ["各行最小"], "en": ["min_of"]},
    "max_of": {"zh": ["各行最大"], "en": ["max_of"]},
    "any": {"zh": ["任一"], "en": ["any"]},
    "all": {"zh": ["全部", "每一"], "en": ["all"]},
    "lookup": {"zh": ["查询"], "en": ["lookup"]},
}
INFIX_WORDS = {
    "and": FUNCTIONS["and"],
    "or": FUNCTIONS["or"],
    "in": {"zh": ["属于"], "en": ["in"]},
}
NOT = {"zh": ["非"], "en": ["not"]}
LITERALS = {
    None: {"zh": ["空"], "en": ["nothing", "null"]},
    True: {"zh": ["是", "真"], "en": ["true", "yes"]},
    False: {"zh": ["否", "假"], "en": ["false", "no"]},
}
LEVELS = {"or": 1, "and": 2, "not": 3, "in": 4, "+": 5, "-": 5, "*": 6, "/": 6}
LEVELS |= {op: 4 for op in ("==", "!=", "<", "<=", ">", ">=")}
UNARY = 7
SINGLE = 8
COMPARING = 4
FLATTENED = {"+", "*", "and", "or"}
SYMBOLS = {"=": "==", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/"}
SYMBOLS |= {op: op for op in LEVELS if not op.isalpha()}


def _read(table: dict) -> dict[str, object]:
    return {word: op for op, said in table.items() for words in said.values() for word in words}


CALLED = _read({op: FUNCTIONS[op] for op in FUNCTIONS if op in OPERATORS})
BETWEEN = _read(INFIX_WORDS)
BEFORE = {word for words in NOT.values() for word in words}
VALUES = _read(LITERALS)
KNOWN_WORDS = {*CALLED, *BETWEEN, *BEFORE, *VALUES}
LONGEST = max(map(len, KNOWN_WORDS))
