"""gunicorn's gevent worker, which leaves nobody behind when it stops listening."""

from functools import partial
from types import SimpleNamespace
from typing import Any

from gevent import monkey
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

_close = monkey.get_original("os", "close")  # gevent's waits for its loop, 40 ms under load: more come meanwhile


class Listener(StreamServer):  # type: ignore[misc]
    """Takes every waiting connection and closes in the same moment.

    The kernel resets those that nobody took, and their request may be on its way. A proxy may not send a POST or PATCH
    again: under full load two or three of them were lost at each restart.
    """

    def close(self) -> None:
        if not self.closed:
            self.stop_accepting()
            while (waiting := self.do_read()) is not None:
                self.do_handle(*waiting)
            _close(self.socket.detach())
        super().close()


class Worker(GeventWorker):  # type: ignore[misc]
    def server_class(self, listening: Any, *, spawn: Pool, **_: Any) -> Listener:
        """What gunicorn makes for each of its sockets, like its own but for the class."""
        # gunicorn asks the listening socket for its name at each connection, and drops those that came last, as it is
        # closed by then.
        name = listening.getsockname()
        named = SimpleNamespace(getsockname=lambda: name)
        listener = Listener(listening, handle=partial(self.handle, named), spawn=spawn)
        if self.cfg.workers > 1:
            listener.max_accept = 1
        return listener
