"""Everything the judging room reads."""
