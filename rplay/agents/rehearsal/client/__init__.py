"""What the client says next, from the life, the reading of the advisor's line, and the talk so far."""

from rplay.agents.rehearsal.client.reply import Line, next_line

__all__ = ["Line", "next_line"]
