"""Bytes in, pages and tables out: each file of a folder, read once and kept. Knows nothing of children's services."""
