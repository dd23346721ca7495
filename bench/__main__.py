"""`python -m bench` measures everything, `python -m bench chats logins` some of it.

Options go to each of them: `python -m bench voice --only talk talks`.
"""

import subprocess
import sys

ALL = ("start", "memory", "speech", "voice", "logins", "chats", "streams", "reads", "workers", "imports")


def main(words: list[str]) -> None:
    first = next((at for at, word in enumerate(words) if word.startswith("--")), len(words))
    for name in words[:first]:
        subprocess.run([sys.executable, "-m", f"bench.{name}", *words[first:]], check=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(ALL))
