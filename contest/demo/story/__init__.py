"""The living demo, and what a season shares with it."""

from contest.demo.story.telling import CROWD, tell
from contest.demo.story.weeks import last_opening, quiz_week

__all__ = ["CROWD", "last_opening", "quiz_week", "tell"]
