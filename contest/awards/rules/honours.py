"""The honour roll: what the public may read of somebody. Pure."""

from contest.awards.models.honours import HonourProfile
from contest.core.vietnamese import fold, initials

COLLECTIVE = "collective"


def names_openly(profile: HonourProfile, *, has_consent: bool) -> bool:
    """Whether the public reads the name and the story.

    A collective has no consent to give. A person agrees; of a minor the guardian agrees too.

    Args:
        profile: of the roll.
        has_consent: of a person with an account, whether their consent to be named stands today;
            True where there is no account.
    """
    if profile.recipient_kind == COLLECTIVE:
        return True
    agreed = profile.name_agreed_at is not None and has_consent
    return agreed and (not profile.is_minor or profile.guardian_agreed_at is not None)


def shows_portrait(profile: HonourProfile, *, has_consent: bool) -> bool:
    """Whether the public sees the portrait: never of somebody who is not named."""
    return (
        profile.portrait_id is not None
        and profile.photo_agreed_at is not None
        and names_openly(profile, has_consent=has_consent)
    )


def public_name(profile: HonourProfile, *, has_consent: bool) -> str:
    """The name, or initials where it may not be published."""
    if names_openly(profile, has_consent=has_consent):
        return profile.full_name
    return initials(profile.full_name)


def searched(profile: HonourProfile) -> str:
    """What the search finds a profile by: never a name that the public does not read."""
    name = profile.full_name if names_openly(profile, has_consent=True) else ""
    return fold(f"{name} {profile.unit_name}").strip()[:500]
