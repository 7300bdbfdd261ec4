"""Fields that a message does not know, kept where its kind has room for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec

from textwire.wire.message import Message

M = TypeVar("M", bound=Message)


def with_further_fields(message: M, value: bytes) -> M:
    """The message with what else stands in its JSON, as far as its kind can hold that.

    What stands under the name of the field for them itself wins.

    Args: value: the JSON that the message was decoded from.
    """
    room = type(message).further_field
    if room is None:
        return message
    named = msgspec.json.decode(value, type=dict[str, Any])
    known = _known_names(type(message))
    further = {name: held for name, held in named.items() if name not in known}
    if not further:
        return message
    kept, _ = fitting(type(message), further)
    return msgspec.structs.replace(message, **{room: {**kept, **getattr(message, room)}})


def fitting(kind: type[Message], further: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Further fields that a kind of message can hold, and the names of those that it cannot.

    What is null is neither.
    """
    kept: dict[str, Any] = {}
    unfit: list[str] = []
    for name, held in further.items():
        if held is None:
            continue
        try:
            kept |= msgspec.convert({name: held}, _room(kind))
        except msgspec.ValidationError:
            unfit.append(name)
    most = _most(kind)
    names = list(kept)
    return {name: kept[name] for name in names[:most]}, [*unfit, *names[most:]]


@cache
def _room(kind: type[Message]) -> Any:
    return get_type_hints(kind, include_extras=True)[str(kind.further_field)]


@cache
def _most(kind: type[Message]) -> int | None:
    described = msgspec.inspect.type_info(_room(kind))
    return getattr(described, "max_length", None)


@cache
def _known_names(kind: type[Message]) -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(kind))
