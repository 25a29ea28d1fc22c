"""Small changes to a module's code, each of which some test should notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

SMALL_INT_MAX = 64
"""A larger number is a limit or a time: one more or less is no mistake that anybody makes."""

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_UNTESTED_CALLS = frozenset({"log", "logger", "warnings"})


@dataclass(frozen=True)
class Change:
    """One change of one module: where, in words, and which of the module's changes it is."""

    line: int
    words: str
    number: int


@dataclass(frozen=True)
class _Site:
    line: int
    words: str
    apply: Callable[[], None]


def changes(source: str) -> list[Change]:
    """All changes of a module, in order."""
    sites = _sites(ast.parse(source))
    return [Change(site.line, site.words, number) for number, site in enumerate(sites)]


def changed(source: str, number: int) -> str:
    """The module with that one change."""
    tree = ast.parse(source)
    for position, site in enumerate(_sites(tree)):
        if position == number:
            site.apply()
            break
    return ast.unparse(ast.fix_missing_locations(tree))


def _sites(tree: ast.Module) -> Iterator[_Site]:
    """Every place within a function. A site must be applied before the next is asked for."""
    for node in list(_within_functions(tree)):
        yield from _statements(node)
        yield from _expressions(node)


def _within_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes of function bodies, without annotations and docstrings."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, inside = pending.pop()
        if inside:
            yield node
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for name, field in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "args", "type_comment"):
                continue
            children = field if isinstance(field, list) else [field]
            for child in reversed(children):
                if (
                    isinstance(child, ast.AST)
                    and not _is_docstring(child)
                    and not _is_typing(child)
                ):
                    pending.append((child, inside or function))


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _statements(node: ast.AST) -> Iterator[_Site]:
    """A statement of a block is dropped."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for position, statement in enumerate(block):
            if _may_go(statement):
                words = f"dropped: {_short(statement)}"
                yield _Site(statement.lineno, words, _replacer(block, position, ast.Pass()))


def _may_go(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name not in _UNTESTED_CALLS
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            return True
        case ast.Continue() | ast.Break():
            return True
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return True
    return False


def _expressions(node: ast.AST) -> Iterator[_Site]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.Constant):
                yield _Site(test.lineno, f"turned round: {_short(test)}", _negated(node))
        case ast.Compare(ops=[operator, *_]):
            other = _COMPARED[type(operator)]()
            words = f"{type(operator).__name__} is {type(other).__name__}: {_short(node)}"
            yield _Site(node.lineno, words, _replacer(node.ops, 0, other))
        case ast.BoolOp():
            swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield _Site(node.lineno, f"and/or: {_short(node)}", _setter(node, "op", swapped))
            for position, operand in enumerate(node.values):
                if len(node.values) > 1:
                    words = f"left out, {_short(operand)}: {_short(node)}"
                    yield _Site(operand.lineno, words, _remover(node.values, position))
        case ast.UnaryOp(op=ast.Not()):
            yield _Site(node.lineno, f"without not: {_short(node)}", _without_not(node))
        case ast.BinOp(op=ast.Sub()):
            yield _Site(node.lineno, f"- is +: {_short(node)}", _setter(node, "op", ast.Add()))
        case ast.Constant(value=bool(value)):
            yield _Site(node.lineno, f"{value} is {not value}", _setter(node, "value", not value))
        case ast.Constant(value=int(value)) if abs(value) <= SMALL_INT_MAX:
            yield _Site(node.lineno, f"{value} is {value + 1}", _setter(node, "value", value + 1))


def _negated(node: ast.If | ast.While | ast.IfExp) -> Callable[[], None]:
    return _setter(node, "test", ast.UnaryOp(ast.Not(), copy.deepcopy(node.test)))


def _without_not(node: ast.UnaryOp) -> Callable[[], None]:
    """`not x` becomes `not not x`: the truth of x."""
    return _setter(node, "operand", ast.UnaryOp(ast.Not(), copy.deepcopy(node.operand)))


def _replacer(items: list[Any], position: int, new: ast.AST) -> Callable[[], None]:
    def apply() -> None:
        items[position] = new

    return apply


def _remover(items: list[ast.expr], position: int) -> Callable[[], None]:
    def apply() -> None:
        del items[position]
        if len(items) == 1:  # a BoolOp of one operand is none
            items.append(copy.deepcopy(items[0]))

    return apply


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    def apply() -> None:
        setattr(node, name, value)

    return apply


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else f"{text[:69]}…"
