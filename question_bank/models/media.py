"""Pictures, sounds and formulas of a bank's questions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, UtcInstant, enum_type
from question_bank.media import MediumKind


class QuestionMedium(Base):
    """A medium; never changed, so that old papers stay what they were.

    Texts of revisions name it by `ref`, which is drawn from its content (`question_bank.media`).
    Pictures and sounds are stored files, formulas stand here as MathML. `import_id` is the import
    that brought it, until a question keeps it.
    """

    __tablename__ = "question_medium"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    ref: Mapped[str] = mapped_column(String(20))
    kind: Mapped[MediumKind] = mapped_column(enum_type(MediumKind))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(120), default="")
    markup: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_import.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (
        UniqueConstraint("bank_id", "ref"),
        CheckConstraint("file_id IS NOT NULL OR markup <> ''", "content"),
    )
