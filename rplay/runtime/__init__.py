"""What a process needs at run time: logs, metrics, shutdown, Redis, AI usage, and the store of the data files."""
