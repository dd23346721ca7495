"""A browser without a browser: it keeps cookies and says from which page it comes."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, Person

OWN = "http://localhost"


class Browser:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={"Accept": "text/html,*/*;q=0.8", **headers})

    def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(path, data=fields or {}, headers={"Origin": OWN, **headers})

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> Any:
        return self.post("/console/sign-in", {"email": email, "password": password, **fields})


class Shown(HTMLParser):
    """What a page holds: its words, links, and the fields of its forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def each(self, tag: str, **having: str) -> Iterator[dict[str, str | None]]:
        for name, attributes in self.tags:
            if name == tag and all(attributes.get(key) == value for key, value in having.items()):
                yield attributes


def shown(answer: Any) -> Shown:
    assert answer.mimetype == "text/html"
    return Shown(answer.text)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Of somebody who is not signed in."""
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Flask) -> Callable[[Person], Browser]:
    """The browser of this person, signed in there."""

    def browser_of(person: Person) -> Browser:
        browser = Browser(app.test_client())
        assert browser.sign_in(person.email).status_code == 303
        return browser

    return browser_of
