"""The JSON schema of a model's answer for one competency: evidence comes before each verdict."""

from typing import Any

from rplay.agents.assessment.checks import BY_CODE, Sheet

SEEN = {"yes": 1.0, "partly": 0.5, "no": 0.0}

_EVIDENCE = {"line": {"type": "integer"}, "quote": {"type": "string"}}


def _object(**properties: Any) -> dict[str, Any]:
    """Return an object's schema. Servers that enforce a schema want every key required and no other key allowed."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_ANSWER = _object(evidence=_list(_object(**_EVIDENCE)), seen={"type": "string", "enum": list(SEEN)})
_TEXT = {"type": "string"}


def schema(sheet: Sheet) -> dict[str, Any]:
    """Return the schema. Its keys have the order of the prompt, so that a model writes them in that order."""
    harms = [harm.id for harm in sheet.harms if harm.id not in BY_CODE]
    return _object(
        checks=_object(**{check.id: _ANSWER for check in sheet.checks}),
        harms=_object(**dict.fromkeys(harms, _ANSWER)),
        feedback=_TEXT,
        strengths=_list(_object(**_EVIDENCE, text=_TEXT)),
        improvements=_list(_object(**_EVIDENCE, text=_TEXT, better=_TEXT)),
        practise=_TEXT,
    )
