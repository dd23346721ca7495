import socket as plain
from collections.abc import Iterator
from contextlib import suppress

import gevent
import pytest
from gevent import socket
from wsproto import ConnectionType
from wsproto.connection import Connection as WSConnection

from rplay.web.socket import websocket
from rplay.web.socket.websocket import WholeSocket, frame_of


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a TCP connection with little room between them."""
    with socket.socket() as listening:
        listening.setsockopt(plain.SOL_SOCKET, plain.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        ours = socket.create_connection(listening.getsockname())
        ours.setsockopt(plain.SOL_SOCKET, plain.SO_SNDBUF, 4096)
        theirs, _ = listening.accept()
    with ours, theirs:
        yield ours, theirs


def read(theirs: socket.socket, size: int) -> bytes:
    """So many bytes, in small sips."""
    got = b""
    while len(got) < size:
        got += theirs.recv(1000)
        gevent.sleep(0)
    return got


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 100_000])
@pytest.mark.parametrize("kind", [str, bytes])
def test_a_frame_holds_a_whole_message(size, kind):
    """As a library reads it that had no part in making it."""
    message = "ä" * (size // 2) + "a" * (size % 2) if kind is str else b"\x81" * size
    client = WSConnection(ConnectionType.CLIENT)
    client.receive_data(frame_of(message))
    [event] = client.events()
    assert event.message_finished
    assert event.data == message


class TestSending:
    def test_sends_everything_to_a_slow_reader(self, pair):
        ours, theirs = pair
        data = bytes(range(256)) * 2000
        sending = gevent.spawn(WholeSocket(ours).send, data)
        assert read(theirs, len(data)) == data
        assert sending.get(timeout=60) == len(data)

    def test_does_not_mix_two_frames(self, pair):
        ours, theirs = pair
        whole = WholeSocket(ours)
        frames = [bytes([number]) * 100_000 for number in range(3)]
        for frame in frames:
            gevent.spawn(whole.send, frame)
        assert read(theirs, 300_000) == b"".join(frames)

    def test_ends_the_connection_of_one_who_does_not_read(self, pair, monkeypatch):
        monkeypatch.setattr(websocket, "FRAME_SECONDS", 0.05)
        ours, _ = pair
        whole = WholeSocket(ours)

        def read_to_the_end() -> None:
            with suppress(OSError):
                while whole.recv(100):
                    pass

        reading = gevent.spawn(read_to_the_end)
        with pytest.raises(OSError, match="takes nothing"):
            whole.send(bytes(10_000_000))
        reading.get(timeout=60)
        with pytest.raises(BrokenPipeError):
            whole.send(b"more")

    def test_does_not_hold_small_packets_back(self, pair):
        ours, _ = pair
        WholeSocket(ours)
        assert ours.getsockopt(plain.IPPROTO_TCP, plain.TCP_NODELAY)

    def test_works_on_a_unix_socket(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            WholeSocket(ours).send(b"hello")
            assert theirs.recv(10) == b"hello"
