"""Suggestions: which product a listing's title is probably about, and what speaks for and against.

    text -> index (catalogue, once) -> candidates -> evidence -> score -> probability

``engine.suggest`` is the way in. The libraries behind it take a second to import, so it is imported
where it is used.
"""
