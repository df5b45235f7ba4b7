"""Files to documents to passages: decoding, formats, the structure that wording shows, splitting."""
