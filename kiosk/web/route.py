"""Routes that know from the start what their endpoint takes.

FastAPI finds that out anew at each call, and validates each answer once more; together that takes
as long as giving a number. What it reads from the signatures is used here once, when the route is
made, and OpenAPI stays as FastAPI tells it (docs/decisions/web.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from fastapi._compat import ModelField
    from fastapi.dependencies.models import Dependant
    from starlette.types import Receive, Scope, Send

_JSON: Final = "application/json"


class Direct(APIRoute):
    """For an endpoint that takes the request, parameters of the path, one JSON body, and what
    dependencies give that take no more than the first two; its answer is a model or a Response.

    Whom a dependency refuses is refused before its parameters and the body are read. TypeError for
    an endpoint that takes anything else.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **facts: Any) -> None:
        super().__init__(path, endpoint, **facts)
        taken = self.dependant
        self._own = _Taken.by(taken)
        self._dependencies = [_Dependency.by(one) for one in taken.dependencies]
        self._body = _Body.by(taken.body_params, embedded=self._embed_body_fields)
        self._status = self.status_code or 200
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        given: dict[str, Any] = {}
        for one in self._dependencies:
            found = await one.call(**one.taken.read(request))
            if one.name is not None:
                given[one.name] = found
        given |= self._own.read(request)
        if self._body is not None:
            given[self._body.name] = self._body.read(await _whole(request))
        answer = await self.endpoint(**given)
        if isinstance(answer, BaseModel):
            answer = Response(answer.model_dump_json(), self._status, media_type=_JSON)
        await answer(scope, receive, send)


async def _whole(request: Request) -> tuple[bytes, str]:
    """The body, and its media type."""
    try:
        body = await request.body()
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone
    return body, request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is read from the request's line: ``request`` is the name for the request itself."""

    request: str | None
    path: Sequence[ModelField]

    @classmethod
    def by(cls, taken: Dependant) -> _Taken:
        others = (
            *taken.query_params,
            *taken.header_params,
            *taken.cookie_params,
            taken.response_param_name,
            taken.background_tasks_param_name,
            taken.http_connection_param_name,
        )
        if any(others):
            raise TypeError(f"{taken.call} takes what a direct route does not give")
        return cls(taken.request_param_name, taken.path_params)

    def read(self, request: Request) -> dict[str, Any]:
        """Raises RequestValidationError for a parameter of the path."""
        given: dict[str, Any] = {} if self.request is None else {self.request: request}
        for field in self.path:
            text = request.path_params[field.name]
            given[field.name], mistakes = field.validate(text, {}, loc=("path", field.name))
            if mistakes:
                raise RequestValidationError(mistakes)
        return given


@dataclass(frozen=True, slots=True)
class _Dependency:
    name: str | None
    call: Callable[..., Awaitable[Any]]
    taken: _Taken

    @classmethod
    def by(cls, dependency: Dependant) -> _Dependency:
        if dependency.dependencies or dependency.body_params or dependency.call is None:
            raise TypeError(f"{dependency.call} takes what a direct route does not give")
        return cls(dependency.name, dependency.call, _Taken.by(dependency))


@dataclass(frozen=True, slots=True)
class _Body:
    name: str
    model: TypeAdapter[Any]
    required: bool

    @classmethod
    def by(cls, params: Sequence[ModelField], *, embedded: bool) -> _Body | None:
        if not params:
            return None
        if len(params) > 1 or embedded:
            raise TypeError("a direct route gives one body, whole")
        param = params[0]
        facts = param.field_info
        assert facts.annotation is not None
        return cls(param.name, TypeAdapter(facts.annotation), facts.is_required())

    def read(self, whole: tuple[bytes, str]) -> Any:
        """Raises RequestValidationError, its places beginning with "body"."""
        body, media = whole
        if not body and not self.required:
            return None
        if media != _JSON and not media.endswith("+json"):
            raise _malformed({"type": "not_json", "loc": (), "msg": f"{media} is not JSON"})
        try:
            return self.model.validate_json(body)
        except ValidationError as error:
            raise _malformed(*error.errors(include_url=False)) from error


def _malformed(*mistakes: Mapping[str, Any]) -> RequestValidationError:
    return RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in mistakes])
