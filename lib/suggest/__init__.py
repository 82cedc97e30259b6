"""Suggestions: which product a listing's title is probably about, and what speaks for and against.

    text -> index (catalogue, once) -> candidates -> evidence -> score -> probability

``engine.suggest`` is the way in. It is imported where it is used, so that what does without
suggestions need not wait for the libraries behind it.
"""
