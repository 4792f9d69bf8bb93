"""A static site made from the published file: plain pages that open from disk and from any web server."""
