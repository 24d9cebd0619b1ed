"""What became of a unit that ended, and its words."""

from dataclasses import dataclass
from datetime import date

from contest.core.i18n import format_date
from contest.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class UnitFate:
    """Into which units one went over in the end; none where it only ended, after `last_day`."""

    names: tuple[str, ...]
    last_day: date

    @property
    def words(self) -> str:
        """In one line: "now part of Phường Lang Biang"."""
        if not self.names:
            return _("ended on %(day)s", day=format_date(self.last_day))
        if len(self.names) == 1:
            return _("now part of %(unit)s", unit=self.names[0])
        return _("now divided among %(units)s", units=", ".join(self.names))
