"""The operator's commands, one file per group. A module imports what a command needs only when that command runs."""
