"""What the wording of a question tells of it, by rule."""
