"""Forms with files, labelled rightly and wrongly."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from rplay.errors import BadRequest
from rplay.web import forms

WEBKIT = "----WebKitFormBoundaryrCTeAp7nXpZft50m"


def form(boundary, *parts):
    """`parts` are name, file name or None, and content."""
    pieces = []
    for name, filename, content in parts:
        named = f'; filename="{filename}"' if filename else ""
        pieces.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return b"".join(pieces) + f"--{boundary}--\r\n".encode()


def boundary_of(raw, content_type):
    with Flask(__name__).test_request_context(method="POST", data=raw, content_type=content_type):
        return forms.boundary_of(raw)


class TestBoundary:
    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/json; charset=utf-8", "multipart/form-data"]
    )
    @pytest.mark.parametrize("boundary", [WEBKIT, "----geckoformboundary0123", "x"])
    def test_is_the_first_line_where_the_label_has_none(self, content_type, boundary):
        assert boundary_of(form(boundary, ("a", None, b"1")), content_type) == boundary.encode()

    def test_is_what_the_label_says(self):
        raw = b"preamble\r\n" + form(WEBKIT, ("a", None, b"1"))
        assert boundary_of(raw, f'multipart/form-data; boundary="{WEBKIT}"') == WEBKIT.encode()

    @pytest.mark.parametrize(
        ("raw", "content_type"),
        [(b'{"a": 1}', "application/json"), (b"--", "application/json"), (b"--\r\n", "application/json"),
         (b"--no line end", "application/json"), (b"--x\r\n", "text/plain"), (b"--x\r\n", None), (b"", "application/json")],
    )  # fmt: skip
    def test_is_found_in_nothing_else(self, raw, content_type):
        assert boundary_of(raw, content_type) is None


class TestRead:
    def test_gives_fields_as_text_and_files_as_they_are(self):
        raw = form(WEBKIT, ("importMethod", None, b"csv"), ("file", "ü.csv", "a,\r\n\xff--".encode("latin-1")))
        assert forms.read(raw, WEBKIT.encode()) == {"importMethod": "csv", "file": b"a,\r\n\xff--"}

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"--x\r\n",
            form("x", ("a", None, b"1"))[:-6],
            b"--x\r\n\r\nno disposition\r\n--x--\r\n",
            b"--x\r\n\xff: \xff\r\n\r\n1\r\n--x--\r\n",
            form("x", *[("a", None, b"1")] * 200),
        ],
        ids=["empty", "begun", "cut off", "nameless", "no text", "too many parts"],
    )
    def test_refuses_what_is_cut_off_or_no_form(self, raw):
        with pytest.raises(BadRequest, match="Invalid form data in request body"):
            forms.read(raw, b"x")

    @given(st.one_of(st.binary(), st.text(alphabet='-x\r\n;:="ab ').map(str.encode)), st.integers(0, 200))
    def test_never_fails_but_with_its_own_refusal(self, noise, at):
        whole = form("x", ("importMethod", None, b"csv"), ("file", "u.csv", noise))
        for raw in (noise, b"--x\r\n" + noise, whole[:at] + noise + whole[at:], whole[:at]):
            try:
                read = forms.read(raw, b"x")
            except BadRequest:
                continue
            assert all(isinstance(value, (str, bytes)) for value in read.values())
