"""What a browser says to Odoo: a user's session, method calls, what came of them."""

import http.client
import http.cookies
import json
from dataclasses import dataclass, field
from typing import Any

# Nothing has changed: what was asked for is not possible now, and the user is told.
REFUSALS = {
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.AccessError",
}
# Nothing has changed: somebody else was faster each of the five times Odoo has tried.
CONFLICTS = {
    "psycopg2.errors.SerializationFailure",
    "psycopg2.errors.DeadlockDetected",
    "psycopg2.errors.LockNotAvailable",
}
MISSING = "odoo.exceptions.MissingError"


class Answer(Exception):
    """An answer that is no result; what it means tells the class."""


class Refused(Answer):
    """A clear "not possible now"."""


class Missing(Refused):
    """The record is not there: removed meanwhile, or not on the replica yet."""


class Conflict(Answer):
    """To be tried again."""


class Lost(Answer):
    """There was no answer: it may have happened, or not."""


class ServerError(Answer):
    """What must not happen."""


@dataclass
class Session:
    """One user of one database."""

    port: int
    database: str
    login: str
    password: str
    timeout: float = 180.0
    uid: int = 0
    _cookies: http.cookies.SimpleCookie = field(
        default_factory=http.cookies.SimpleCookie
    )

    def sign_in(self) -> None:
        self._cookies.clear()
        credentials = {
            "db": self.database,
            "login": self.login,
            "password": self.password,
        }
        self.uid = self.post("/web/session/authenticate", credentials)["uid"]

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method as the web client does.

        :raises Answer: one of its classes above, when there is no result
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)

    def post(self, path: str, params: dict) -> Any:
        """What a route of the server answers.

        :raises Answer: as `call`
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={morsel.value}" for name, morsel in self._cookies.items()
            )
        connection = http.client.HTTPConnection("127.0.0.1", self.port, self.timeout)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            text = response.read()
            for value in response.headers.get_all("Set-Cookie") or ():
                self._cookies.load(value)
        except (OSError, http.client.HTTPException) as error:
            raise Lost(repr(error)) from error
        finally:
            connection.close()
        if response.status != 200:
            raise ServerError(f"HTTP {response.status} for {path}: {text[:300]!r}")
        answer = json.loads(text)
        if "error" in answer:
            raise as_exception(answer["error"])
        return answer.get("result")


def as_exception(error: dict) -> Answer:
    """:param error: what Odoo says of it"""
    data = error.get("data") or {}
    name, message = data.get("name", "?"), data.get("message") or error.get("message")
    if name == MISSING:
        return Missing(message)
    if name in REFUSALS:
        return Refused(message)
    if name in CONFLICTS:
        return Conflict(message)
    return ServerError(f"{name}: {message}\n{data.get('debug', '')}")
