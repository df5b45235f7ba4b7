"""Invented films, a file a writer; ``WRITING.md`` says how one is written, ``check`` holds a file to it."""
