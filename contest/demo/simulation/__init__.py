"""A round as real people would take it: invented contestants drive a running server."""
