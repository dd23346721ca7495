"""The yardstick for chats: the openai SDK by itself, making calls at once over gevent.

    python bench/bare_sdk.py 40123 200

Makes that many calls to the fake model on that port, half of each kind that the model has seen. Says `ready`,
begins when a line comes in, and says `done`.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
from itertools import cycle, islice  # noqa: E402
from urllib.request import urlopen  # noqa: E402

import gevent  # noqa: E402
from openai import OpenAI  # noqa: E402


def main(port: int, calls: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/seen", timeout=5) as answer:
        seen = json.load(answer)
    client = OpenAI(api_key="k", base_url=f"http://127.0.0.1:{port}/v1", max_retries=0)
    bodies = list(islice(cycle((seen["chat"], seen["tool"])), calls))
    for body in bodies[:2]:
        client.chat.completions.create(**body)
    print("ready", flush=True)
    sys.stdin.readline()
    answers = [gevent.spawn(client.chat.completions.create, **body) for body in bodies]
    gevent.joinall(answers, raise_error=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
