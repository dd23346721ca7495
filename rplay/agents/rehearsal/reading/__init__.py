"""What an advisor does with a line: its acts, what it asks about, what it proposes, which rule it breaks."""
