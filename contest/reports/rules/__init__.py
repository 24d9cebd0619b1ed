"""Rules of the reports room."""
