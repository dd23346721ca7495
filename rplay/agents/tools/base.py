"""The base class of the Azure agents' tools, and helpers for them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_snake

from rplay.agents.model_output import clamped
from rplay.agents.types import Call, ProfileWish, Scene, Transcript
from rplay.agents.wording import FACTS, one_line


def _not_too_long(value: object) -> object:
    return value[:FACTS] if isinstance(value, list) else value


Number = Annotated[float, Field(allow_inf_nan=False)]
Names = Annotated[list[str], BeforeValidator(_not_too_long)]
Objects = Annotated[list[dict[str, Any]], BeforeValidator(_not_too_long)]


class AgentTool(BaseModel):
    """A tool of an Azure agent. Its fields are the arguments that a model gives, its docstring is the description for
    the model."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    def title(cls) -> str:
        return to_snake(cls.__name__)

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Return the arguments as JSON schema, without the tool's description, which models get separately."""
        schema = cls.model_json_schema()
        properties = {name: _plain(found) for name, found in schema.get("properties", {}).items()}
        return {"type": "object", "properties": properties, "required": schema.get("required", [])}

    def run(self, call: Call) -> dict[str, Any]:
        raise NotImplementedError


def scene_of(call: Call) -> Scene:
    assert isinstance(call.context, Scene)
    return call.context


def wish_of(call: Call) -> ProfileWish:
    assert isinstance(call.context, ProfileWish)
    return call.context


def talk_of(call: Call) -> Transcript:
    assert isinstance(call.context, Transcript)
    return call.context


def texts_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Return any object as short texts of bounded length that cannot pass for a mark of a prompt."""
    pairs = ((one_line(name, 60), one_line(value)) for name, value in list(found.items())[:FACTS])
    return {name: text for name, text in pairs if text}


def listed(found: Sequence[Any]) -> list[Any]:
    return list(found[:FACTS])


def percent(value: float) -> int:
    return round(clamped(value, 0, 100))


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a field's schema without the keys that pydantic adds."""
    return {name: value for name, value in schema.items() if name not in {"title", "default"}}
