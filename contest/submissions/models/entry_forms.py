"""Table of the fields of entry forms: what a round asks for beside the fields every work has."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, JsonData, UtcInstant, enum_type


class FieldSort(StrEnum):
    """What is entered in a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    PICTURE = "picture"
    PERSON = "person"


class FormField(Base):
    """A field of the entry form of a round; a round without rows has the form of an essay.

    Title, text, pictures, document and persons are fields as well (`rules.entry_forms.CORE`), with
    keys of their own; their limits are those of `EssayRound`, and their rows say name, explanation
    and place, and whether document and co-authors have to be there. Of other fields, `least` and
    `most` count words of a text, files of a file or picture field, or bound a number;
    `most_megabytes` bounds one file. A person of the organiser's own (who recommends, who bears
    witness, who can be asked) has a name and a unit.

    `hidden_*` tell of a field that judges were shown by mistake, and no longer see.
    """

    __tablename__ = "form_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("essay_round.round_id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    sort: Mapped[FieldSort] = mapped_column(enum_type(FieldSort))
    label: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(Text, default="")
    required: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[bool] = mapped_column(default=True)
    options: Mapped[list[str]] = mapped_column(JsonData, default=list)
    least: Mapped[int | None]
    most: Mapped[int | None]
    most_megabytes: Mapped[int | None]
    hidden_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("round_id", "key"),)
