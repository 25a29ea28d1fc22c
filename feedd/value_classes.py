"""`dataclass` and `replace` as in the standard library, made for a package of many small values.

`dataclasses` writes six functions for each class and has them compiled when its module is imported:
half a millisecond each, a third of a short command. Here all classes share what can be shared, and
`__init__`, the one function that is written, is compiled when a class is first asked for it.
`dataclasses.field`, `fields`, `asdict` and `is_dataclass` work on what comes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:
    import dataclasses
    import sys
    from dataclasses import MISSING, Field, FrozenInstanceError
    from operator import attrgetter

    def dataclass(*, frozen=False, slots=False, eq=True):
        """A class of values; `frozen`, `slots` and `eq` as for `dataclasses.dataclass`."""
        return lambda cls: _completed(cls, frozen, slots, eq)

    def replace(value, /, **changes):
        """A copy of a value with other fields here and there."""
        taken = dict(zip(value.__match_args__, value._as_tuple(value), strict=True))
        return value.__class__(**(taken | changes))

    def _completed(cls, frozen, slots, eq):
        if any("__dataclass_fields__" in base.__dict__ for base in cls.__mro__[1:]):
            raise TypeError(f"{cls.__name__}: values are not derived from others")
        fields = {name: _field(cls, name, kind) for name, kind in cls.__annotations__.items()}
        names = tuple(fields)
        late = _LateInit()
        body = {
            "__init__": late,
            "__repr__": _shown,
            "__match_args__": names,
            "__dataclass_fields__": fields,
            "_as_tuple": _tuple_getter(names),
        }
        if eq:
            body |= {"__eq__": _are_equal, "__hash__": _hash_of if frozen else None}
        if frozen:
            body |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if frozen and slots:  # what pickle and copy would do sets attributes
            body |= {"__getstate__": _state_of, "__setstate__": _take_state}
        own = {name: value for name, value in cls.__dict__.items() if name not in fields}
        if slots:
            body |= {"__slots__": names}
            body |= {n: v for n, v in own.items() if n not in ("__dict__", "__weakref__")}
            made = type(cls)(cls.__name__, cls.__bases__, body)
            made.__qualname__ = cls.__qualname__
        else:
            made = cls
            body |= {n: field.default for n, field in fields.items()}
            for name, value in body.items():
                if name in fields and value is MISSING:
                    if name in cls.__dict__:
                        delattr(cls, name)
                elif name not in own:
                    setattr(cls, name, value)
        late.of = made
        return made

    def _field(cls, name, kind):
        default = cls.__dict__.get(name, MISSING)
        field = default if isinstance(default, Field) else dataclasses.field(default=default)
        if field.default.__class__.__hash__ is None:
            raise ValueError(f"{cls.__name__}.{name}: use default_factory")
        field.name, field.type, field.kw_only = name, kind, False
        field._field_type = dataclasses._FIELD
        return field

    def _tuple_getter(names):
        if len(names) > 1:
            return attrgetter(*names)
        return staticmethod(lambda value: tuple(getattr(value, name) for name in names))

    class _LateInit:
        """`__init__` until it is asked for: by a first instance, or by who wants its signature."""

        def __get__(self, instance, owner):
            made = self.of.__init__ = _written_init(self.of)
            return made.__get__(instance, owner)

    def _written_init(cls):
        """The function that sets every field, written out. It takes the fields in their order."""
        given, lines, known = ["self"], [], {"_missing": MISSING, "_set": object.__setattr__}
        for name, field in cls.__dataclass_fields__.items():
            value = name
            if field.default is not MISSING:
                known[f"_default_{name}"] = field.default
                given.append(f"{name}=_default_{name}")
            elif field.default_factory is not MISSING:
                known[f"_make_{name}"] = field.default_factory
                given.append(f"{name}=_missing")
                value = f"_make_{name}() if {name} is _missing else {name}"
            else:
                given.append(name)
            if "__slots__" in cls.__dict__:  # what its descriptor does is faster
                known[f"_set_{name}"] = cls.__dict__[name].__set__
                lines.append(f"  _set_{name}(self, {value})")
            else:
                lines.append(f"  _set(self, {name!r}, {value})")
        head = f"def _made({', '.join(known)}):\n def __init__({', '.join(given)}):\n"
        written = {}
        exec(
            head + "\n".join(lines or ["  pass"]) + "\n return __init__",
            sys.modules[cls.__module__].__dict__,
            written,
        )
        made = written["_made"](**known)
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        made.__annotations__ = {**cls.__annotations__, "return": None}
        return made

    def _shown(self):
        said = ", ".join(
            f"{name}={getattr(self, name)!r}"
            for name, field in self.__dataclass_fields__.items()
            if field.repr
        )
        return f"{self.__class__.__qualname__}({said})"

    def _are_equal(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._as_tuple(self) == self._as_tuple(other)

    def _hash_of(self):
        return hash(self._as_tuple(self))

    def _refuse_to_set(self, name, value):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state_of(self):
        return self._as_tuple(self)

    def _take_state(self, state):
        for name, value in zip(self.__match_args__, state, strict=True):
            object.__setattr__(self, name, value)
