"""Queries of the reports room."""
