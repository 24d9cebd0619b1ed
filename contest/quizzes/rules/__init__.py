"""Rules of quizzes: pure predicates and calculators, one file per subject."""
