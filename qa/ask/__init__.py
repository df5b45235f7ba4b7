"""Ranked passages to a cited answer or an abstention; ``library`` puts a question's path together."""
