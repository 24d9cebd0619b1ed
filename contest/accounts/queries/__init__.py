"""Every SELECT of the room; other rooms use the names below."""

from contest.accounts.queries.consents import consents_of, has_consent, own_consent, own_consents
from contest.accounts.queries.people import (
    grant_lines,
    is_demo_database,
    own_person,
    people_by_contact,
    people_by_name,
    people_page,
    person_by_id,
    person_by_identifier,
    person_by_public_id,
    person_in_branch,
    person_scope_path,
    staff_person_ids,
)
from contest.accounts.queries.sign_ins import load_actor
from contest.accounts.queries.unit_fates import unit_fates
from contest.accounts.queries.unit_ranges import (
    UnitRange,
    all_units_on,
    own_units,
    units_where,
)
from contest.accounts.queries.units import (
    all_units,
    branch_choices,
    managed_unit,
    search_units,
    system_scope,
    unit_by_code,
    unit_by_public_id,
    unit_choices,
    unit_path,
    unit_paths,
    unit_rows,
    units_below,
)
from contest.accounts.rules import UnitChoice, UnitPath

__all__ = [
    "UnitChoice",
    "UnitPath",
    "UnitRange",
    "all_units",
    "all_units_on",
    "branch_choices",
    "consents_of",
    "grant_lines",
    "has_consent",
    "is_demo_database",
    "load_actor",
    "managed_unit",
    "own_consent",
    "own_consents",
    "own_person",
    "own_units",
    "people_by_contact",
    "people_by_name",
    "people_page",
    "person_by_id",
    "person_by_identifier",
    "person_by_public_id",
    "person_in_branch",
    "person_scope_path",
    "search_units",
    "staff_person_ids",
    "system_scope",
    "unit_by_code",
    "unit_by_public_id",
    "unit_choices",
    "unit_fates",
    "unit_path",
    "unit_paths",
    "unit_rows",
    "units_below",
    "units_where",
]
