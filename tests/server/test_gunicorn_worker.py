"""What happens to connections that wait while the listener closes."""

import socket
from types import SimpleNamespace

import gevent.socket
import pytest
from gevent.pool import Pool
from gevent.server import StreamServer

from rplay.server.gunicorn_worker import Listener, Worker, _last_of


def answer(client, address):
    client.sendall(b"heard " + client.recv(100))


def waiting_at_the_end(kind):
    """What three connections get that nobody had taken when a server of this kind closed."""
    listening = gevent.socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(8)
    server = kind(listening, handle=answer, spawn=Pool(10))
    server.start()
    clients = [socket.create_connection(listening.getsockname(), timeout=60) for _ in range(3)]  # the hub runs not once
    for client in clients:
        client.sendall(b"you")
    server.close()
    server.pool.join(timeout=60)
    try:
        return [client.recv(100) for client in clients]
    finally:
        for client in clients:
            client.close()


def test_they_are_answered():
    assert waiting_at_the_end(Listener) == [b"heard you"] * 3


def test_the_worker_can_still_ask_where_it_listened():
    def handle(listening, client, address):
        assert listening.getsockname()[0] == "127.0.0.1"
        answer(client, address)

    cfg = SimpleNamespace(workers=1, is_ssl=False)
    worker = SimpleNamespace(handle=handle, cfg=cfg, worker_connections=10)
    assert waiting_at_the_end(lambda listening, **_: Worker.listener(worker, listening)) == [b"heard you"] * 3


def test_those_that_come_last_are_taken():
    listening = gevent.socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(8)
    address = listening.getsockname()
    with socket.create_connection(address) as client:
        ((taken, peer),) = _last_of(listening)
        assert (peer, listening.fileno()) == (client.getsockname(), -1)
        taken.sendall(b"heard")
        taken.close()
        assert client.recv(100) == b"heard"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_gevents_own_server_resets_them():
    with pytest.raises(ConnectionResetError):
        waiting_at_the_end(StreamServer)


def test_closing_twice_is_fine():
    listening = gevent.socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(1)
    address = listening.getsockname()
    server = Listener(listening, handle=answer)
    server.close()
    server.close()
    assert server.closed
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
