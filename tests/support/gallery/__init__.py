"""The style gallery: every shared part of the pages on two pages, rendered without a database."""
