"""Rules of judging: pure predicates and calculators, one file for each subject."""
