"""Persons written about: list, page, who may be the same, and the trail of decisions."""

from contest.submissions.queries.subjects.essays import (
    EssayAbout,
    essays_about,
    essays_elsewhere,
    essays_without_subject,
    unlinked_essay,
)
from contest.submissions.queries.subjects.keeping import (
    KEEPER,
    kept_subject,
    may_decide,
    subject_by_id,
)
from contest.submissions.queries.subjects.likeness import (
    LikelyPair,
    Proposal,
    distinct_pairs,
    proposed_pairs,
    similar_subjects,
    subjects_like,
)
from contest.submissions.queries.subjects.lists import (
    CONSENT_STATES,
    SORTS,
    SubjectFilter,
    SubjectRow,
    all_subjects,
    essay_contests,
    honour_counts,
    subject_page,
)
from contest.submissions.queries.subjects.trails import (
    consents_of_subject,
    kept_change,
    mentions_of,
    trail_of,
)

__all__ = [
    "CONSENT_STATES",
    "KEEPER",
    "SORTS",
    "EssayAbout",
    "LikelyPair",
    "Proposal",
    "SubjectFilter",
    "SubjectRow",
    "all_subjects",
    "consents_of_subject",
    "distinct_pairs",
    "essay_contests",
    "essays_about",
    "essays_elsewhere",
    "essays_without_subject",
    "honour_counts",
    "kept_change",
    "kept_subject",
    "may_decide",
    "mentions_of",
    "proposed_pairs",
    "similar_subjects",
    "subject_by_id",
    "subject_page",
    "subjects_like",
    "trail_of",
    "unlinked_essay",
]
