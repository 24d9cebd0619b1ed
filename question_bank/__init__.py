"""Banks, topics, questions and their revisions; drawing, marking; kinds and file formats."""
