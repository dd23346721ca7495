"""Coverage-guided fuzzing with atheris: `python -m tests.fuzz csv -max_total_time=60`.

New inputs that reach new code are kept in a temporary folder; one that makes a reader fail is written beside the
command's working directory as crash-…: it belongs into `seeds/` once the reader is mended.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rplay", "csv", "werkzeug"]):
    from tests.fuzz.readers import READERS, refused_or_read

SEEDS = Path(__file__).parent / "seeds"


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in READERS:
        sys.exit(f"usage: python -m tests.fuzz {'|'.join(READERS)} [options of libFuzzer]")
    name, *options = arguments
    with tempfile.TemporaryDirectory(prefix="rplay-fuzz-") as found:
        atheris.Setup(
            [sys.argv[0], found, str(SEEDS / name), "-max_len=4096", "-timeout=5", *options],
            lambda data: refused_or_read(name, data),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
