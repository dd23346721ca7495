"""A learner on the socket who talks and interrupts."""

from typing import Any

from tests.tts.running import Listener

BODY = {
    "messages": [{"role": "user", "content": "Hello"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}


class Learner(Listener):
    """Events are written down as Listener does; acknowledgements as ("ack", answer, number of the wish)."""

    def __init__(self, server: Any, token: str | None = None, **options: Any) -> None:
        super().__init__(server, auth={"token": token} if token else None, **options)

    def ask(self, event: str, *payload: Any) -> int:
        """Sends it and asks for an acknowledgement: the number of this wish."""
        self.wishes += 1
        number = self.wishes
        self._client.emit(event, payload or None, callback=lambda *a: self._note(("ack", *a, number)))
        return number

    def tell(self, event: str, *payload: Any) -> None:
        self._client.emit(event, payload or None)

    def talk(self, name: str = "one", **more: Any) -> int:
        return self.ask("talk", {"id": name, "binary": True, **BODY, **more})

    def reply(self, name: str = "one", **more: Any) -> list[tuple[Any, ...]]:
        """All that comes from a `talk` to its acknowledgement."""
        start = len(self.heard)
        self.acknowledged(self.talk(name, **more))
        return self.heard[start:]

    def first(self, event: str) -> dict[str, Any]:
        """What came first with this event, as soon as it is there."""
        return dict(self.wait_for(lambda: [heard[1] for heard in self.heard if heard[0] == event])[0])


def of(heard: list[tuple[Any, ...]], event: str) -> list[dict[str, Any]]:
    return [one[1] for one in heard if one[0] == event]
