"""What trainers prepare for learners: scenarios, their assignment, and who passed."""
