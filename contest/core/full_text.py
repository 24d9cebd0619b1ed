"""Search by words in folded texts: FTS5 on SQLite, a GIN index over lexemes on PostgreSQL.

A table names its column once, where it is declared; everything else happens in the database. What
is made here is no table of ours: it is derived, can be made again at any time, and is neither in
migrations nor in backups. The text must hold words parted by one space and nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    column,
    event,
    inspect,
    text,
)

from contest.core.db import Base, db

PREFIX: Final = "fts_"
"""What the tables and indexes that are made here are called."""
ORDERED: Final = 60
"""So many signs of a text decide where its row stands in a list by words."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The words of a column of a table.

    Attributes:
        table: its name; its key is `id`.
        text: the column with the words.
        places: columns whose values narrow a search without a look at the table, on SQLite;
            within the first of them rows are listed by their words.
    """

    table: str
    text: str
    places: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of what is made for it."""
        return f"{PREFIX}{self.table}"


_indexes: Final[list[WordIndex]] = []


def index_words(table: str, text_column: str, places: Sequence[str] = ()) -> WordIndex:
    """Declare that a column is searched by words; called where the table is declared."""
    index = WordIndex(table, text_column, tuple(places))
    _indexes.append(index)
    return index


def has_words(
    index: WordIndex,
    words: Iterable[str],
    *,
    beginnings: bool = False,
    **places: int | str,
) -> ColumnElement[bool]:
    """Return the condition that a row's text holds every one of some words.

    Args:
        index: of the table.
        words: folded, of letters and digits alone.
        beginnings: each stands for every word that begins with it.
        places: values of the index's places, which the caller asks for on the table as well.
    """
    wanted = [word for word in words if word.isalnum()]
    if db.engine.dialect.name == "sqlite":
        return _matches_sqlite(index, wanted, places, beginnings=beginnings)
    star = ":*" if beginnings else ""
    query = " & ".join(f"'{word}'{star}" for word in wanted)
    return text(f"{_lexemes(index)} @@ CAST(:lexemes AS tsquery)").bindparams(  # type: ignore[return-value]
        bindparam("lexemes", query, unique=True)
    )


def _matches_sqlite(
    index: WordIndex, words: Sequence[str], places: dict[str, int | str], *, beginnings: bool
) -> ColumnElement[bool]:
    star = "*" if beginnings else ""
    terms = [f'place : "{index.places.index(name)}x{value}"' for name, value in places.items()]
    terms += [f'words : "{word}"{star}' for word in words]
    found = text(f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH :terms").bindparams(  # noqa: S608  (names of ours)
        bindparam("terms", " AND ".join(terms), unique=True)
    )
    key: ColumnElement[Any] = column("id", Integer, _selectable=Base.metadata.tables[index.table])
    return key.in_(found.columns(column("rowid")))


def ensure_word_indexes(connection: Connection) -> None:
    """Make what is missing for the tables that are there, and drop what has lost its table."""
    names = set(inspect(connection).get_table_names())
    for index in _indexes:
        if index.table in names and index.places:
            connection.execute(
                text(
                    f"CREATE INDEX IF NOT EXISTS {index.name}_order ON {index.table}"
                    f" ({index.places[0]}, substr({index.text}, 1, {ORDERED}))"
                )
            )
        if connection.dialect.name == "sqlite":
            _ensure_sqlite(connection, index, names)
        elif index.table in names:
            connection.execute(
                text(
                    f"CREATE INDEX IF NOT EXISTS {index.name} ON {index.table}"
                    f" USING gin (({_lexemes(index)}))"
                )
            )


def _lexemes(index: WordIndex) -> str:
    """The words of a row as PostgreSQL indexes them; its own parser would read 3/2 as a path."""
    return f"array_to_tsvector(array_remove(string_to_array({index.table}.{index.text}, ' '), ''))"


def _ensure_sqlite(connection: Connection, index: WordIndex, names: set[str]) -> None:
    made = index.name in names
    if index.table not in names:
        if made:
            connection.execute(text(f"DROP TABLE {index.name}"))
        return
    if not made:
        connection.execute(
            text(
                f"CREATE VIRTUAL TABLE {index.name} USING fts5"
                "(words, place, content='', detail=column, columnsize=0)"
            )
        )
        connection.execute(
            text(
                f"INSERT INTO {index.name} (rowid, words, place)"  # noqa: S608  (names of ours)
                f" SELECT id, {index.text}, {_place(index, index.table)} FROM {index.table}"
            )
        )
    for statement in _triggers(index):
        connection.execute(text(statement))


def _place(index: WordIndex, row: str) -> str:
    """One word for each place: which one, and its value."""
    parts = (f"'{number}x' || {row}.{name}" for number, name in enumerate(index.places))
    return " || ' ' || ".join(parts) or "''"


def _triggers(index: WordIndex) -> Iterable[str]:
    """A rebuilt table loses its triggers, so that they are asked for each time."""
    name, table = index.name, index.table
    add = (
        f"INSERT INTO {name} (rowid, words, place)"  # noqa: S608  (names of ours)
        f" VALUES (new.id, new.{index.text}, {_place(index, 'new')});"
    )
    drop = (
        f"INSERT INTO {name} ({name}, rowid, words, place)"  # noqa: S608  (names of ours)
        f" VALUES ('delete', old.id, old.{index.text}, {_place(index, 'old')});"
    )
    changed = ", ".join((index.text, *index.places))
    for moment, work in (
        ("INSERT", add),
        ("DELETE", drop),
        (f"UPDATE OF {changed}", f"{drop} {add}"),
    ):
        verb = moment.split()[0].lower()
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {name}_{verb} AFTER {moment} ON {table} BEGIN {work} END"
        )


@event.listens_for(Base.metadata, "after_create")
def _after_create(_metadata: Any, connection: Connection, **_more: Any) -> None:
    """What `create_all` makes is searched like what migrations make."""
    ensure_word_indexes(connection)


def is_of_word_index(name: str | None) -> bool:
    """Whether a table or index was made here, and is none of the models'."""
    return name is not None and name.startswith(PREFIX)
