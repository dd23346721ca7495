"""What the review and the progress are measured by."""
