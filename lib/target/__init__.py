"""Targets: where products live and Amazon Products are written to."""
