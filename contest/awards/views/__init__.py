"""Pages of awards: certificates and their verification, the register of commendations."""

from contest.awards.views.base import blueprint

__all__ = ["blueprint"]
