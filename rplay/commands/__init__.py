"""The operator's commands, one file a group. A module imports what a command needs when that command runs."""
