"""Requests for every call of the description, as it says and as it forbids, made by schemathesis.

They are the same in every run and asked by everybody. What stands in the store at that moment (a
ticket's id, a code) is laid into them, so that some reach the end of the call.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from requests import Session
    from schemathesis import Case, Response
    from schemathesis.schemas import APIOperation

    Operation = APIOperation[Any, Any, Any, Any]

STREAM: Final = "text/event-stream"
"""What has it for an answer never ends, and is asked by itself."""

CHECKS: Final = (
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)


@dataclass(frozen=True, slots=True)
class Call:
    """``asked`` begins with the example of the description; the last ones break what it says."""

    key: tuple[str, str]
    asked: tuple[Case, ...]


def calls_of(told: Mapping[str, Any], each: int) -> list[Call]:
    """Every call of a description but the streams, with so many requests of either kind."""
    schema = schemathesis.openapi.from_dict(dict(told))
    schema.config.generation.with_security_parameters = False
    found = []
    for result in schema.get_all_operations():
        operation = result.ok()
        key = (operation.method.upper(), operation.path)
        if STREAM in _raw(operation, told)["responses"].get("200", {}).get("content", {}):
            continue
        asked = (
            _example(operation, told),
            *_made(operation, GenerationMode.POSITIVE, each),
            *_made(operation, GenerationMode.NEGATIVE, each),
        )
        found.append(Call(key, asked))
    return found


def _made(operation: Operation, mode: GenerationMode, most: int) -> list[Case]:
    """None where nothing can be wrong."""
    found: list[Case] = []

    @settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def gather(case: Case) -> None:
        found.append(case)

    with suppress(Unsatisfiable):
        gather()
    return found


def _raw(operation: Operation, told: Mapping[str, Any]) -> dict[str, Any]:
    raw: dict[str, Any] = told["paths"][operation.path][operation.method]
    return raw


def _example(operation: Operation, told: Mapping[str, Any]) -> Case:
    """As the description shows it; what the path bears is still to be filled in."""
    raw = _raw(operation, told)
    names = [one["name"] for one in raw.get("parameters", ()) if one["in"] == "path"]
    facts: dict[str, Any] = {"path_parameters": dict.fromkeys(names, "0")}
    if "requestBody" in raw:
        content = raw["requestBody"]["content"]["application/json"]
        schema, shown = content["schema"], content.get("example")
        if shown is None:
            refs = [one["$ref"] for one in (schema, *schema.get("anyOf", ())) if "$ref" in one]
            shown = told["components"]["schemas"][refs[0].rpartition("/")[2]]["examples"][0]
        facts |= {"body": shown, "media_type": "application/json"}
    return operation.Case(**facts)


def filled(
    case: Case, known: Mapping[str, Sequence[Any]], chance: random.Random, share: float
) -> Case:
    """The case with known values in that share of the fields that take them."""

    def fill(fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {
            name: chance.choice(known[name]) if name in known and chance.random() < share else value
            for name, value in fields.items()
        }

    return case.operation.Case(
        path_parameters=fill(case.path_parameters),
        query=fill(case.query),
        cookies=case.cookies,
        body=fill(case.body),
        media_type=case.media_type,
    )


def ask(case: Case, address: str, session: Session) -> tuple[Response, list[str]]:
    """The answer, and in what it is not as described."""
    answer = case.call(base_url=address, session=session, timeout=20)
    try:
        case.validate_response(answer, checks=list(CHECKS))
    except (Failure, FailureGroup) as wrong:
        return answer, [str(wrong)]
    return answer, []
