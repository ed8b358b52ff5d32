"""The shape of a trace's JSON form, in the words of JSON Schema, and a small validator for the words used."""

from __future__ import annotations

from typing import Any

from wbviz.kernel.reasons import Rule, Wait

TEXT, COUNT, FLAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
TEXT_OR_NULL = {"type": ["string", "null"]}
COUNT_OR_NULL = {"type": ["integer", "null"], "minimum": 0}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _allowing(shape: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """The same with properties that may be there: what traces did not say at first."""
    return {**shape, "properties": {**shape["properties"], **properties}}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


EDGE = _allowing(
    _object(why=TEXT, page=TEXT_OR_NULL, **{"from": TEXT, "to": TEXT}), wait={"enum": [wait.value for wait in Wait]}
)
SNAPSHOT = _object(
    pages=_list(
        _allowing(
            _object(
                name=TEXT,
                inode=TEXT,
                index=COUNT,
                attached=FLAG,
                dirty=FLAG,
                writeback=FLAG,
                holder=TEXT_OR_NULL,
                pins=COUNT,
                freed=FLAG,
            ),
            request=TEXT,
        )
    ),
    inodes=_list(_object(name=TEXT, refs=COUNT, linked=FLAG, state={"enum": ["live", "freeing", "gone"]})),
    works=_list(
        _object(
            id=COUNT,
            kind={"enum": ["pageout", "sync"]},
            page=TEXT_OR_NULL,
            inode=TEXT_OR_NULL,
            info={"type": "object"},
            by=TEXT_OR_NULL,
        )
    ),
    tasks=_list(
        _object(
            name=TEXT,
            status={"enum": ["ready", "blocked", "idle", "ended"]},
            next=TEXT_OR_NULL,
            line=COUNT_OR_NULL,
            waits=_list(EDGE),
        )
    ),
)
STEP = _object(
    task=TEXT,
    choice=TEXT_OR_NULL,
    op=TEXT,
    args={"type": "array"},
    result={},
    says=TEXT,
    waits=_list(TEXT),
    lines=_list(COUNT),
    time={"type": ["number", "null"]},
    after=SNAPSHOT,
)
BROKEN = _object(rule={"enum": [rule.value for rule in Rule]}, attr=TEXT, line=COUNT)
VERDICT = {
    **_allowing(_object(kind=TEXT, summary=TEXT, cycle=_list(EDGE), tasks=_list(TEXT)), broken=BROKEN),
    "type": ["object", "null"],
}
SCHEMA = _object(
    format={"enum": ["wbviz-trace"]},
    version={"enum": [1]},
    scenario=TEXT,
    params={"type": "object"},
    policy=TEXT,
    source=TEXT,
    schedule=TEXT,
    verdict=VERDICT,
    initial=SNAPSHOT,
    steps=_list(STEP),
    loop=COUNT_OR_NULL,
)

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def check(data: Any, schema: dict[str, Any] = SCHEMA, path: str = "trace") -> str:
    """What is wrong with the data, in words and with its place; "" where it has the shape of the schema."""
    if "enum" in schema and not any(_same(data, known) for known in schema["enum"]):
        return f"{path} is {_short(data)}, not one of {', '.join(map(repr, schema['enum']))}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(isinstance(data, _TYPES[name]) and (type(data) is not bool or name == "boolean") for name in names):
            return f"{path} is {_short(data)}, not of type {' or '.join(names)}"
    if "minimum" in schema and data is not None and data < schema["minimum"]:
        return f"{path} is {_short(data)}, less than {schema['minimum']}"
    if isinstance(data, dict):
        for key in schema.get("required", ()):
            if key not in data:
                return f"{path} has no {key!r}"
        for key, inner in schema.get("properties", {}).items():
            problem = check(data[key], inner, f"{path}.{key}") if key in data else ""
            if problem:
                return problem
    if isinstance(data, list) and "items" in schema:
        for index, item in enumerate(data):
            problem = check(item, schema["items"], f"{path}[{index}]")
            if problem:
                return problem
    return ""


def _same(data: Any, known: Any) -> bool:
    """Equal as JSON has it, where True is not 1."""
    return bool(data == known) and isinstance(data, bool) == isinstance(known, bool)


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) < 40 else text[:37] + "..."
