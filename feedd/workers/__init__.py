"""Functions run in processes of their own: what crashes, hangs or eats memory there harms no other.

Only `child` and what it needs is loaded in a worker: everything here is imported when asked for.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

import msgspec

COLLECTOR_THRESHOLDS: Final = (10_000, 20, 50)
"""How many more containers than freed ones until Python's collector of cycles looks at the
youngest; every so many looks it goes on to the older, and the oldest.

Entries by the thousand are freed without it, and make it look at everything in vain: as it comes,
it takes 2 % of a poll of new feeds, and with ten thousand feeds one look holds the event loop up
for 60 ms."""

_LARGEST_INT: Final = 2**62

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """The same value with lone surrogates as "?" and integers within 63 bits, however deep."""
    return cast(Value, _storable(value))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_LARGEST_INT, min(_LARGEST_INT, value))
    if isinstance(value, tuple | list):
        make = getattr(value, "_make", type(value))  # a named tuple stays one
        return make(map(_storable, value))
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.asdict(value)
        return type(value)(**{name: _storable(one) for name, one in fields.items()})
    return value
