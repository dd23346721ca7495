"""What a process has: logs, metrics, background jobs, its end, Redis, AI usage."""
