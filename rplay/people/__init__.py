"""Rules for people: what makes their data acceptable, rosters, enrolment, export."""
