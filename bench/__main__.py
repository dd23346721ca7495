"""`python -m bench` measures everything, `python -m bench chats logins` some of it."""

import subprocess
import sys

ALL = ("start", "memory", "speech", "voice", "logins", "chats", "streams", "reads", "workers", "imports")


def main(names: list[str]) -> None:
    for name in names:
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(ALL))
