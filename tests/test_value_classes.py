"""`value_classes.dataclass` makes what `dataclasses.dataclass` makes, as far as one can tell."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd import value_classes as values


def classes(make: Callable[..., Any]) -> list[Any]:
    @make(frozen=True, slots=True)
    class Frozen:
        """One with all that a value has."""

        name: str
        number: int = 3
        secret: str = field(default="s", repr=False)
        many: list[int] = field(default_factory=list)

        def twice(self) -> int:
            return self.number * 2

        @property
        def shown(self) -> str:
            return f"<{self.name}>"

    @make(slots=True)
    class Mutable:
        name: str
        number: int = 3
        secret: str = field(default="s", repr=False)
        many: list[int] = field(default_factory=list)

    @make(frozen=True)
    class WithDict:
        name: str
        number: int = 3
        secret: str = field(default="s", repr=False)
        many: list[int] = field(default_factory=list)

    @make(frozen=True, slots=True, eq=False)
    class ByIdentity:
        name: str
        number: int = 3
        secret: str = field(default="s", repr=False)
        many: list[int] = field(default_factory=list)

    return [Frozen, Mutable, WithDict, ByIdentity]


OURS, THEIRS = classes(values.dataclass), classes(dataclasses.dataclass)
PAIRS = list(zip(OURS, THEIRS, strict=True))
numbers = st.integers(0, 2)
calls = st.tuples(
    st.lists(st.sampled_from(["a", "b"]) | numbers, max_size=5),
    st.dictionaries(st.sampled_from(["name", "number", "secret", "many", "other"]), numbers),
)


def outcome(do: Callable[[], Any]) -> Any:
    """What comes of it: the same words of a value, or the sort of error."""
    try:
        return repr(do()).replace("classes.<locals>.", "")
    except (TypeError, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].__name__)
@given(first=calls, second=calls)
def test_values_are_made_compared_and_told_as_the_standard_library_does(
    pair: tuple[Any, Any], first: Any, second: Any
) -> None:
    def make(cls: Any, call: Any) -> Any:
        return cls(*call[0], **call[1])

    def seen(cls: Any, replace: Callable[..., Any]) -> list[Any]:
        def one() -> Any:
            return make(cls, first)

        def other() -> Any:
            return make(cls, second)

        return [
            outcome(one),
            outcome(lambda: one() == other()),
            outcome(lambda: one() == one()),
            outcome(lambda: one() == "another sort"),
            outcome(lambda: cls.__hash__ is None),
            outcome(lambda: replace(one(), **second[1])),
            outcome(lambda: dataclasses.replace(one(), **second[1])),
            outcome(lambda: dataclasses.astuple(one())),
            outcome(lambda: dataclasses.asdict(one())),
            outcome(lambda: copy.deepcopy(one())),
            outcome(lambda: one().__match_args__),
            outcome(lambda: vars(one())),
        ]

    assert seen(pair[0], values.replace) == seen(pair[1], dataclasses.replace)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].__name__)
def test_a_class_tells_the_same_of_its_fields_as_the_standard_librarys(pair: Any) -> None:
    ours, theirs = pair
    told = [
        [
            [(f.name, f.type, f.default, f.default_factory, f.repr) for f in dataclasses.fields(c)],
            [(p.name, p.kind) for p in inspect.signature(c).parameters.values()],
            [p.name for p in inspect.signature(c).parameters.values() if p.default is p.empty],
            get_type_hints(c.__init__),
            c.__doc__ if c.__name__ == "Frozen" else None,
            c.__name__,
            c.__module__,
            getattr(c, "__slots__", None),
        ]
        for c in (ours, theirs)
    ]
    assert told[0] == told[1]


def test_a_frozen_value_can_neither_be_changed_nor_emptied() -> None:
    for cls in (OURS[0], OURS[2]):
        value = cls("a")
        with pytest.raises(FrozenInstanceError):
            value.name = "b"
        with pytest.raises(FrozenInstanceError):
            del value.name
        assert value.name == "a"


def test_equal_frozen_values_are_one_key_of_a_dictionary() -> None:
    assert len({OURS[0]("a", many=()): 1, OURS[0]("a", many=()): 2}) == 1
    assert len({OURS[3]("a"): 1, OURS[3]("a"): 2}) == 2


def test_each_value_gets_a_list_of_its_own() -> None:
    OURS[1]("a").many.append(1)
    assert OURS[1]("a").many == []


def test_methods_and_properties_stay() -> None:
    assert OURS[0]("a", 4).twice() == 8
    assert OURS[0]("a").shown == "<a>"


@values.dataclass(frozen=True, slots=True)
class Packable:
    name: str
    number: int = 3


def test_a_value_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(Packable("a", 4))) == Packable("a", 4)


def test_a_default_that_could_be_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="default_factory"):

        @values.dataclass(slots=True)
        class Shared:
            many: list[int] = []  # noqa: RUF012


def test_a_value_derived_from_another_is_refused() -> None:
    with pytest.raises(TypeError, match="not derived"):

        @values.dataclass(slots=True)
        class Derived(Packable):  # type: ignore[misc]
            more: int = 0


def test_no_class_of_the_package_is_compiled_by_dataclasses_when_a_poll_starts() -> None:
    code = """
import dataclasses
def refuse(cls, *args, **kwargs):
    assert not cls.__module__.startswith("feedd"), cls
    return plain(cls, *args, **kwargs)
plain, dataclasses._process_class = dataclasses._process_class, refuse
import feedd.poller.engine, feedd.cli.one_pass
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
