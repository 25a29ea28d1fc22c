"""Every regular expression of the package, and texts made to keep each one busy."""

from __future__ import annotations

import ast
import importlib
import random
import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
FUNCTIONS = frozenset(
    {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
)
ANCHORED = frozenset({"match", "fullmatch"})
MAX_TEXTS = 30
"""So many texts a pattern."""


class Use(NamedTuple):
    """A pattern as it is used: by `match` and `fullmatch` alone, or also from any place on."""

    where: str
    pattern: re.Pattern[str]
    anchored: bool

    def run(self, text: str) -> object:
        """Look for all that it matches."""
        if self.anchored:
            return self.pattern.match(text), self.pattern.fullmatch(text)
        return sum(1 for _ in self.pattern.finditer(text))


def uses() -> tuple[list[Use], list[str]]:
    """Every pattern of text that is written in the package, and where others are put together."""
    files = sorted((ROOT / "feedd").rglob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    called = _methods(trees.values())
    found: dict[tuple[str, int, bool], Use] = {}
    elsewhere: list[str] = []
    for path, tree in trees.items():
        if not any(isinstance(node, ast.Name) and node.id == "re" for node in ast.walk(tree)):
            continue
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        names, methods_of = _assigned(tree), _applied(tree)
        calls: Iterator[Any] = filter(_is_of_re, ast.walk(tree))
        for call in calls:
            name = names.get(call)
            where = f"{module.__name__}:{call.lineno}"
            try:
                pattern = _evaluated(call, vars(module))
            except NameError:
                elsewhere.append(where)
                continue
            if isinstance(pattern.pattern, str):
                where = f"{module.__name__}.{name or repr(pattern.pattern[:30])}"
                methods = {call.func.attr, methods_of.get(call)} - {"compile", None}
                methods = methods or called.get(name or "", set())
                anchored = bool(methods) and methods <= ANCHORED
                key = (pattern.pattern, pattern.flags, anchored)
                found.setdefault(key, Use(where, pattern, anchored))
        for name, value in _put_together(vars(module)):
            if isinstance(value.pattern, str):
                methods = called.get(name.partition("[")[0], set())
                anchored = bool(methods) and methods <= ANCHORED
                key = (value.pattern, value.flags, anchored)
                found.setdefault(key, Use(f"{module.__name__}.{name}", value, anchored))
    return list(found.values()), elsewhere


def _put_together(names: Mapping[str, object]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """What functions put together, also by the dozen."""
    for name, value in names.items():
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, Mapping):
            for key, one in value.items():
                if isinstance(one, re.Pattern):
                    yield f"{name}[{key}]", one


def _is_of_re(node: Any) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS | {"compile"}
        and bool(node.args)
    )


def _evaluated(call: Any, names: dict[str, object]) -> re.Pattern[Any]:
    def value(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "pattern", "eval"), dict(names))

    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    if call.func.attr == "compile" and len(call.args) > 1:
        flags.append(call.args[1])
    pattern = value(call.args[0])
    if isinstance(pattern, re.Pattern):
        return pattern
    return re.compile(pattern, sum(int(value(flag)) for flag in flags))


def _methods(trees: Any) -> dict[str, set[str]]:
    """Which functions of patterns are called on each name."""
    called: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in FUNCTIONS:
                of = node.value.value if isinstance(node.value, ast.Subscript) else node.value
                name = getattr(of, "id", None) or getattr(of, "attr", None)
                if name is not None and name != "re":
                    called.setdefault(name, set()).add(node.attr)
    return called


def _applied(tree: ast.AST) -> dict[Any, str]:
    """The function that is taken of a pattern where it is made: `re.compile(…).fullmatch`."""
    return {
        node.value: node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in FUNCTIONS
    }


def _assigned(tree: ast.AST) -> dict[Any, str]:
    """The names that calls are assigned to."""
    names: dict[Any, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            made = node.value.value if isinstance(node.value, ast.Attribute) else node.value
            names[made] = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            names[node.value] = node.target.id
    return names


# ------------------------------------------------------------------------------------ texts


def texts(use: Use) -> list[tuple[str, str, str]]:
    """What may keep a pattern busy: (begin, middle, end), the middle to be repeated."""
    chance = random.Random(repr(use.pattern.pattern))
    tree = parser.parse(use.pattern.pattern, use.pattern.flags)
    found: dict[tuple[str, str, str], None] = {}
    for attempt in range(8):
        for before, body in _repeats(list(tree), "", chance):
            for end in ("", "\0", "!"):
                found[(before, body, end)] = None
                found[("", before + body, end)] = None
                found[("", before + body * 3, end)] = None
            found[("", before, "\0")] = None
        found[("", _sample(tree, chance), "\0")] = None
        del attempt
    found |= dict.fromkeys(("", one, "\0") for one in (" ", "\n", "a", "<", "&", "0", "a "))
    chosen = [text for text in found if text[1]]
    return chosen if len(chosen) <= MAX_TEXTS else chance.sample(chosen, MAX_TEXTS)


def _repeats(items: Any, before: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What stands before each part that may be repeated without end, and a text of the part."""
    for code, value in items:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            low, high, body = value
            if high > 100:
                yield before, _sample(body, chance)
            yield from _repeats(list(body), before, chance)
            before += _sample(body, chance) * max(low, 1)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(list(branch), before, chance)
            before += _one(code, value, chance)
        elif code is codes.SUBPATTERN:
            yield from _repeats(list(value[3]), before, chance)
            before += _sample(value[3], chance)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(list(value[1]), before, chance)
        elif code is codes.ATOMIC_GROUP:
            yield from _repeats(list(value), before, chance)
            before += _sample(value, chance)
        else:
            before += _one(code, value, chance)


def _sample(items: Any, chance: random.Random) -> str:
    return "".join(_one(code, value, chance) for code, value in items)


def _one(code: Any, value: Any, chance: random.Random) -> str:
    """A short text that this part matches, more or less."""
    if code is codes.LITERAL:
        return str(chr(value))
    if code is codes.NOT_LITERAL:
        return str(chance.choice([one for one in "a <0" if ord(one) != value]))
    if code is codes.ANY:
        return str(chance.choice("a <"))
    if code is codes.IN:
        return _member(value, chance)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        low, high, body = value
        return str(_sample(body, chance) * max(low, min(high, chance.choice((0, 1, 2)))))
    if code is codes.BRANCH:
        return _sample(chance.choice(value[1]), chance)
    if code is codes.SUBPATTERN:
        return _sample(value[3], chance)
    if code is codes.ATOMIC_GROUP:
        return _sample(value, chance)
    return ""


_OF_CATEGORY = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_NOT_DIGIT": "a ",
    "CATEGORY_SPACE": " \n",
    "CATEGORY_NOT_SPACE": "a0<",
    "CATEGORY_WORD": "a0_",
    "CATEGORY_NOT_WORD": " -<",
}


def _member(items: Any, chance: random.Random) -> str:
    allowed: list[str] = []
    negated = False
    for code, value in items:
        if code is codes.NEGATE:
            negated = True
        elif code is codes.LITERAL:
            allowed.append(chr(value))
        elif code is codes.RANGE:
            allowed += (chr(value[0]), chr(value[1]))
        elif code is codes.CATEGORY:
            allowed += _OF_CATEGORY[str(value)]
    if not negated:
        return chance.choice(allowed)
    others = [one for one in "a 0<\n-" if one not in allowed]
    return str(chance.choice(others or ["é"]))
