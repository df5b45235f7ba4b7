"""Invented folders on any subject; ``WRITING.md`` says how one is written, ``check`` holds a file to it."""
