"""Matching: which product each listing row belongs to, and why."""
