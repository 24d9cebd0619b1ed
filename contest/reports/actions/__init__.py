"""Actions of the reports room."""
