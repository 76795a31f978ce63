"""Reports each step of a client as one line of JSON on stdout."""

import json
import traceback
import urllib.parse
import urllib.request
from contextlib import contextmanager
from importlib.metadata import version
from os import environ


class Report:
    """The steps of one client against one server. A step that raises is reported as failed, and the next one runs."""

    def __init__(self, client: str, package: str | None = None, server: str = "symbolon", release: str | None = None):
        self._row = {"client": client, "version": release or version(package or client), "server": server}

    @contextmanager
    def step(self, name: str):
        try:
            yield
            self._print(name, "works")
        except Exception as error:  # noqa: BLE001: each failure is a row of the table
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._print(name, "fails", f"{type(error).__name__}: {error} ({last.name})"[:400])

    def _print(self, step: str, outcome: str, detail: str | None = None):
        row = {**self._row, "step": step, "outcome": outcome}
        print(json.dumps(row if detail is None else {**row, "detail": detail}), flush=True)


def allow(authorization_url: str) -> str:
    """Signs in and allows, as the user does; returns the URL of the final redirect."""
    query = urllib.parse.urlencode({"url": authorization_url})
    with urllib.request.urlopen(f"{environ['BROWSER']}/allow?{query}") as answer:
        return json.load(answer)["location"]


def expect(condition: object, message: str) -> None:
    if not condition:
        raise AssertionError(message)
