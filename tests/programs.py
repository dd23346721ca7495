"""The programs that some tests drive for real: where they are, and how to get those that are not here."""

import os
import shutil

import pytest

PATH = f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin"  # where Debian keeps nginx, which is not on everybody's PATH


def missing(name: str) -> str:
    """Why a test of this program is skipped."""
    return f"{name} is not installed (on Debian run deploy/test-packages as root)"


def program(name: str) -> str:
    """The path of this program, which the running test needs."""
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(missing(name))
    return found


def needs(name: str) -> pytest.MarkDecorator:
    """Marks tests that need this program."""
    return pytest.mark.skipif(shutil.which(name, path=PATH) is None, reason=missing(name))
