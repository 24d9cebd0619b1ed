"""Changes of the awards room."""
