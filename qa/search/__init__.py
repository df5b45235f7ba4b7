"""Passages to ranked passages: the index, words, fusion. No library of search: numpy over mapped files."""
