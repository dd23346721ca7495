"""Two rplay servers as they stand behind nginx: real gunicorn, PostgreSQL, Redis, and the repository's nginx configuration."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import free_port
from tests.live import ROOT, Live, live_server
from tests.programs import program
from tests.redis_server import RedisServer

TEMPLATE = ROOT / "deploy/nginx/rplay.conf.template"


@contextmanager
def running(command: list[str], port: int, log: Path, **options: Any) -> Iterator[None]:
    """A server that listens on this port, ended by its pid."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **options)
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        else:
            raise AssertionError(f"{command[0]} does not listen: {log.read_text()}")
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def nginx(folder: Path, first: int, second: int) -> Iterator[str]:
    """nginx with the repository's configuration in front of these ports; where it answers."""
    port = free_port()
    values = {
        "LISTEN": f"127.0.0.1:{port}",
        "SERVER_A": f"127.0.0.1:{first}",
        "SERVER_B": f"127.0.0.1:{second}",
    }
    (folder / "rplay.conf").write_text(rendered(TEMPLATE.read_text(), values))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 2;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{ access_log {folder}/access.log;\n{temporary}include {folder}/rplay.conf; }}\n"
    )
    with running([program("nginx"), "-c", str(main), "-e", "stderr", "-p", str(folder)], port, folder / "nginx.log"):
        yield f"http://127.0.0.1:{port}"


def rendered(template: str, values: Mapping[str, str]) -> str:
    """What envsubst makes of the template when it knows these names and no others."""
    return re.sub(r"\$\{(\w+)\}", lambda name: values.get(name[1], name[0]), template)


class Server:
    """One of the servers: gunicorn with one worker, which can be stopped and started again on its port."""

    def __init__(self, name: str, database: str, data_dir: Path, env: Mapping[str, str]) -> None:
        self.name, self.port = name, free_port()
        self._database, self._data_dir = database, data_dir
        self._env = {**env, "SOCKET_ROUTE": name, "TRUSTED_PROXIES": "1"}
        self._stack = ExitStack()
        self.live: Live

    def start(self) -> None:
        self.live = self._stack.enter_context(live_server(self._database, self._data_dir, port=self.port, **self._env))

    def stop(self) -> None:
        """SIGTERM, and waits for the end."""
        self._stack.close()


class Cluster:
    """Two servers and what stands around them; `url` is the proxy's."""

    def __init__(self, url: str, database: str, a: Server, b: Server) -> None:
        self.url, self.database, self.a, self.b = url, database, a, b


@contextmanager
def cluster(database: str, folder: Path, *, apart: bool = False, **env: str) -> Iterator[Cluster]:
    """With `apart` each server has a data folder of its own, as on two machines."""
    program("nginx")  # skips before anything is started
    program("redis-server")
    with ExitStack() as stack:
        redis = RedisServer()
        stack.callback(redis.stop)
        folders = {name: folder / (f"data-{name}" if apart else "data") for name in "ab"}
        for data in folders.values():
            data.mkdir(exist_ok=True)
        servers = [Server(name, database, folders[name], {**env, "REDIS_URL": redis.url}) for name in "ab"]
        for server in servers:
            stack.callback(server.stop)
        with ThreadPoolExecutor() as pool:
            list(pool.map(Server.start, servers))
        url = stack.enter_context(nginx(folder, servers[0].port, servers[1].port))
        yield Cluster(url, database, *servers)
