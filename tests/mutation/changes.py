"""Small changes to a module's code, each of which some test should notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
_BOUNDS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SOONER = frozenset({"sys.stdout.flush()", "sys.stderr.flush()", "gc.collect()", "gc.freeze()"})
"""What changes when something happens, or how fast, and nothing that is seen."""
_LOGS = frozenset({"log", "logger", "warnings", "_log"})
_CLOCKS = frozenset({"monotonic", "perf_counter", "process_time", "time"})


@dataclass(frozen=True)
class Change:
    """One change of one module: where, in words, and which of the module's changes it is."""

    line: int
    words: str
    number: int
    function: str = ""


@dataclass(frozen=True)
class _Site:
    line: int
    words: str
    apply: Callable[[], None]
    function: str = ""


def changes(source: str) -> list[Change]:
    """All changes of a module, in order."""
    sites = _sites(ast.parse(source))
    return [
        Change(site.line, site.words, number, site.function) for number, site in enumerate(sites)
    ]


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
    for node, function in list(_within_functions(tree)):
        for site in (*_statements(node), *_expressions(node)):
            yield replace(site, function=function)


def _within_functions(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """All nodes of function bodies, without annotations and docstrings, and the function's name."""
    pending: list[tuple[ast.AST, str, bool]] = [(tree, "", False)]
    while pending:
        node, place, inside = pending.pop()
        if inside:
            yield node, place
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}" if place else node.name
        inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for name, field in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_comment") or (
                name == "args" and not isinstance(node, ast.Call)
            ):
                continue
            children = field if isinstance(field, list) else [field]
            for child in reversed(children):
                if (
                    isinstance(child, ast.AST)
                    and not _says_nothing(node, child)
                    and not _is_uncounted(child)
                ):
                    pending.append((child, place, inside))


def _is_uncounted(node: ast.AST) -> bool:
    """What no user ever meets, and what changes nothing."""
    return _is_docstring(node) or _is_typing(node) or _is_log(node) or _is_repr(node)


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in _LOGS
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name)))):
            return name in _LOGS
    return False


def _is_unseen(statement: ast.stmt) -> bool:
    return _is_log(statement) or ast.unparse(statement) in _SOONER


def _is_repr(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__repr__"


def _says_nothing(node: ast.AST, child: ast.AST) -> bool:
    """Parts of an expression that change nothing: a check of our own that never fails, a thread's
    end with its process, how often more is split when the first part is taken.
    """
    match node, child:
        case ast.Call(func=ast.Name(id="zip")), ast.keyword(arg="strict"):
            return True
        case ast.Call(), ast.keyword(arg="daemon"):
            return True
        case (
            ast.Subscript(
                value=ast.Call(func=ast.Attribute(attr="split"), args=[_, ast.Constant() as most]),
                slice=ast.Constant(value=0),
            ),
            ast.Call(),
        ):
            return child is node.value and most.value == 1 and not _has_parts(child)
    return False


def _has_parts(node: ast.AST) -> bool:
    return any(isinstance(one, ast.BoolOp | ast.Compare | ast.IfExp) for one in ast.walk(node))


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
            if _may_go(statement) and not _is_unseen(statement):
                words = f"dropped: {_short(statement)}"
                yield _Site(statement.lineno, words, _replacer(block, position, ast.Pass()))


def _may_go(statement: ast.stmt) -> bool:
    match statement:
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
            if isinstance(operator, _BOUNDS) and _reads_clock(node):
                return  # the very moment is never met
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


def _reads_clock(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr in _CLOCKS
        for one in ast.walk(node)
    )


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
