"""Forms of the awards room."""
