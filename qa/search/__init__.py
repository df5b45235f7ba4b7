"""Passages to ranked passages: the index, words, fusion. The only faiss and bm25s."""
