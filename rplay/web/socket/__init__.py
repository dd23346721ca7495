"""The speech socket, and fixes for what its libraries leave open."""
