"""Rules of the awards room."""
