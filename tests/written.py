"""Which facts the program writes into events, read from its source.

What cannot be read is an error, so that no key is written past the tests.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE: Final = Path(__file__).parents[1] / "kiosk"
PLACES: Final = {"move": 2, "_note": 3}
"""Where the details stand in a call that gives them without their name."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def keys_written() -> set[str]:
    """The keys of all details, and of the rules by which somebody was called."""
    found: set[str] = set()
    for path in sorted([*OFFICE.glob("*.py"), *(OFFICE / "office").glob("*.py")]):
        tree = ast.parse(path.read_text("utf-8"))
        own = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}
        for function in own.values():
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    found.update(_of_call(call, function, own))
        found.update(_of_rules(tree))
    return found


def _of_call(call: ast.Call, function: Function, own: dict[str, Function]) -> Iterator[str]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name not in ("record", "move", "_note") and ast.unparse(call.func) != "events.append":
        return
    for keyword in call.keywords:
        if keyword.arg == "details":
            yield from _keys(keyword.value, function)
    noting = own.get(name) if name == "_note" else None
    if noting is not None and noting.args.kwarg is not None:
        known = {argument.arg for argument in (*noting.args.args, *noting.args.kwonlyargs)}
        yield from (word.arg for word in call.keywords if word.arg and word.arg not in known)
    place = PLACES.get(name)
    takes = noting is None or "details" in {argument.arg for argument in noting.args.args}
    if place is not None and takes and len(call.args) > place:
        yield from _keys(call.args[place], function)


def _keys(said: ast.expr, function: Function) -> Iterator[str]:
    match said:
        case ast.Dict():
            for key, value in zip(said.keys, said.values, strict=True):
                if key is None:
                    yield from _keys(value, function)
                else:
                    yield ast.literal_eval(key)
        case ast.IfExp():
            yield from _keys(said.body, function)
            yield from _keys(said.orelse, function)
        case ast.BoolOp():
            for value in said.values:
                yield from _keys(value, function)
        case ast.DictComp():
            yield from ast.literal_eval(said.generators[0].iter)
        case ast.Name():
            yield from _keys_of_name(said.id, function)
        case _:
            raise AssertionError(f"{function.name}: which keys are {ast.unparse(said)}?")


def _keys_of_name(name: str, function: Function) -> Iterator[str]:
    """What is put into the variable; what is handed to the function stands where it is called."""
    arguments = function.args
    handed = [*arguments.args, *arguments.kwonlyargs, arguments.kwarg]
    if name in {argument.arg for argument in handed if argument is not None}:
        return
    put = [
        (target, node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    into = [value for target, value in put if isinstance(target, ast.Name) and target.id == name]
    assert into, f"{function.name}: where does {name} come from?"
    for value in into:
        yield from _keys(value, function)
    for target, _ in put:
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == name:
            yield ast.literal_eval(target.slice)


def _of_rules(tree: ast.Module) -> Iterator[str]:
    """The keys that stand beside "rule": in the same braces, or put in later."""
    for function in ast.walk(tree):
        if not isinstance(function, Function):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                follows = None in node.keys and {"why"} & {ast.unparse(v) for v in node.values}
                if "rule" in keys or follows:
                    yield from (str(key) for key in keys)
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "why":
                yield ast.literal_eval(node.slice)
