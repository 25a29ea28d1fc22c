"""Values that SQLite refuses, made such that it takes them."""

from __future__ import annotations

import dataclasses
from typing import TypeVar, cast

Value = TypeVar("Value")

_LARGEST = 2**62


def scrub(value: Value) -> Value:
    """The same value with lone surrogates as "?" and integers within 63 bits, however deep."""
    return cast(Value, _scrub(value))


def _scrub(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return max(-_LARGEST, min(_LARGEST, value))
    if isinstance(value, tuple):
        make = getattr(value, "_make", tuple)  # a named tuple stays one
        return make(map(_scrub, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return dataclasses.replace(
            value, **{field.name: _scrub(getattr(value, field.name)) for field in fields}
        )
    return value
