"""The Model Context Protocol: assistants ask, search, read and verify through tools; like every face, it translates.

It takes the extra ``mcp`` and is imported by its command alone.
"""
