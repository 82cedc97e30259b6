"""Runs: one execution of a plan, from its first batch to its entry in the job log."""
