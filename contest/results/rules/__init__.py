"""Rules of results: pure calculators, one file per subject."""
