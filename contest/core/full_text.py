"""Search by words in folded texts: FTS5 on SQLite, a GIN index over lexemes on PostgreSQL.

A table names its column once, where it is declared; everything else happens in the database. What
is made here is no table of ours: it is derived, can be made again at any time, and is neither in
migrations nor in backups. The text must hold words parted by one space and nothing else.

PostgreSQL thinks that taking a text apart costs next to nothing, and would rather do so for every
row than ask the index for a common word (a second instead of 20 ms for 100,000 rows). The words of
a row are therefore made by a function that says what it costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

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
MOST_COUNTED: Final = 10_000
"""So many rows of a search are counted on PostgreSQL."""
NEAR: Final = 500
"""So many rows at the beginning are looked through for the first page of a common word."""
# Never in parallel: starting other processes costs more than they save.
_LEXEMES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION fts_lexemes(words text, within_key integer, places text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
  RETURN array_to_tsvector(array_remove(string_to_array(
    replace(' ' || words, ' ', ' ' || within_key || 'z') || ' ' || places, ' '), ''));
END $$
"""
ORDERED: Final = 60
"""So many signs of a text decide where its row stands in a list by words."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The words of a column of a table.

    Attributes:
        table: its name; its key is `id`.
        text: the column with the words.
        within: the column of what is searched as a whole (a bank); rows are listed within it by
            their words.
        places: columns whose values narrow a search without a look at the table.
    """

    table: str
    text: str
    within: str
    places: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of what is made for it."""
        return f"{PREFIX}{self.table}"


_indexes: Final[list[WordIndex]] = []


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What is searched.

    Attributes:
        words: folded, of letters and digits alone; others are left out.
        within: key of the whole that is searched.
        beginnings: each word stands for every word that begins with it.
        places: values of the index's places.
        without: a place and its value that rows must not have.
    """

    words: tuple[str, ...]
    within: int
    beginnings: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, str] | None = None


class Matches(NamedTuple):
    """How many rows match, the keys of a part of them, and whether there are more than counted."""

    total: int
    keys: list[int]
    is_least: bool = False


def index_words(
    table: str, text_column: str, *, within: str, places: Sequence[str] = ()
) -> WordIndex:
    """Declare that a column is searched by words; called where the table is declared."""
    index = WordIndex(table, text_column, within, tuple(places))
    _indexes.append(index)
    return index


def has_words(index: WordIndex, query: WordQuery) -> ColumnElement[bool]:
    """Return the condition that a row's text holds every word of a query.

    Where the row stands (``within``, places) the caller asks on the table as well.
    """
    if db.engine.dialect.name == "sqlite":
        key: ColumnElement[Any] = column(
            "id", Integer, _selectable=Base.metadata.tables[index.table]
        )
        found = text(f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH :terms")  # noqa: S608  (names of ours)
        bound = found.bindparams(bindparam("terms", _terms(index, query), unique=True))
        return key.in_(bound.columns(column("rowid")))
    return text(f"{_lexemes(index)} @@ CAST(:lexemes AS tsquery)").bindparams(  # type: ignore[return-value]
        bindparam("lexemes", _tsquery(index, query), unique=True)
    )


def any_matches(index: WordIndex, query: WordQuery) -> bool:
    """Return whether a row matches; right only when nothing but the query narrows the search."""
    if db.engine.dialect.name == "sqlite":
        found = text(f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH :terms LIMIT 1")  # noqa: S608  (names of ours)
        return db.session.execute(found, {"terms": _terms(index, query)}).first() is not None
    found = text(f"SELECT 1 FROM {index.table} WHERE {_matches(index)} LIMIT 1")  # noqa: S608  (names of ours)
    return db.session.execute(found, {"terms": _tsquery(index, query)}).first() is not None


def matching(
    index: WordIndex, query: WordQuery, *, limit: int, offset: int, most: int = MOST_COUNTED
) -> Matches:
    """Return how many rows match and the keys of a part of them, in their order.

    Right only when nothing but the query narrows the search. On PostgreSQL nobody counts beyond
    `most`.
    """
    if db.engine.dialect.name != "sqlite":
        return _matching_rows(index, query, limit=limit, offset=offset, most=most)
    terms = {"terms": _terms(index, query)}
    where = f"FROM {index.name} WHERE {index.name} MATCH :terms"
    total = db.session.execute(text(f"SELECT count(*) {where}"), terms).scalar_one()
    found = db.session.execute(
        text(f"SELECT rowid {where} ORDER BY rowid LIMIT :limit OFFSET :offset"),
        {**terms, "limit": limit, "offset": offset},
    )
    return Matches(int(total), [row.rowid for row in found])


def _matching_rows(
    index: WordIndex, query: WordQuery, *, limit: int, offset: int, most: int
) -> Matches:
    """Count and cut what the index finds in one statement.

    Of a common word the first rows are near the beginning of the table: looked for there, since
    sorting all that was found costs more than finding it.
    """
    values = {
        "terms": _tsquery(index, query),
        "within": query.within,
        "limit": limit,
        "offset": offset,
        "most": most + 1,
        "near": NEAR,
    }
    found = f"SELECT id FROM {index.table} WHERE {_matches(index)}"  # noqa: S608  (names of ours)
    total, keys = db.session.execute(
        text(
            f"WITH found AS MATERIALIZED ({found} LIMIT :most) SELECT (SELECT count(*) FROM found),"  # noqa: S608  (as above)
            " ARRAY(SELECT id FROM found ORDER BY id LIMIT :limit OFFSET :offset)"
        ),
        values,
    ).one()
    if total <= most:
        return Matches(int(total), list(keys))
    near = db.session.execute(
        text(
            f"SELECT id FROM (SELECT id, {_matches(index)} AS hit FROM {index.table}"  # noqa: S608  (as above)
            f" WHERE {index.within} = :within ORDER BY id LIMIT :near) AS beginning"
            " WHERE hit ORDER BY id LIMIT :limit OFFSET :offset"
        ),
        values,
    ).all()
    if len(near) < limit:
        near = db.session.execute(
            text(f"{found} ORDER BY id + 0 LIMIT :limit OFFSET :offset"), values
        ).all()
    return Matches(most, [row.id for row in near], is_least=True)


def _matches(index: WordIndex) -> str:
    return f"{_lexemes(index)} @@ CAST(:terms AS tsquery)"


def _tsquery(index: WordIndex, query: WordQuery) -> str:
    star = ":*" if query.beginnings else ""
    words = [f"'{query.within}z{word}'{star}" for word in query.words if word.isalnum()]
    places = [f"'{_place_word(index, name, value)}'" for name, value in query.places.items()]
    without = [f"!'{_place_word(index, *query.without)}'"] if query.without else []
    return " & ".join([*words, *places, *without])


def _terms(index: WordIndex, query: WordQuery) -> str:
    star = "*" if query.beginnings else ""
    words = [f'words : "{query.within}z{word}"{star}' for word in query.words if word.isalnum()]
    places = [_place_term(index, name, value) for name, value in query.places.items()]
    terms = " AND ".join([*words, *places])
    if query.without is None:
        return terms
    return f"({terms}) NOT {_place_term(index, *query.without)}"


def _place_term(index: WordIndex, name: str, value: str) -> str:
    return f'place : "{_place_word(index, name, value)}"'


def _place_word(index: WordIndex, name: str, value: str) -> str:
    return f"{index.places.index(name)}x{value.replace('_', 'y')}"


def ensure_word_indexes(connection: Connection) -> None:
    """Make what is missing for the tables that are there, and drop what has lost its table."""
    names = set(inspect(connection).get_table_names())
    for index in _indexes:
        if index.table in names:
            connection.execute(
                text(
                    f"CREATE INDEX IF NOT EXISTS {index.name}_order ON {index.table}"
                    f" ({index.within}, substr({index.text}, 1, {ORDERED}))"
                )
            )
        if connection.dialect.name == "sqlite":
            _ensure_sqlite(connection, index, names)
        elif index.table in names:
            connection.execute(text(_LEXEMES_FUNCTION))
            connection.execute(
                text(
                    f"CREATE INDEX IF NOT EXISTS {index.name}_words ON {index.table}"
                    f" USING gin (({_lexemes(index)}))"
                )
            )


def _lexemes(index: WordIndex) -> str:
    """The words of a row as PostgreSQL indexes them; its own parser would read 3/2 as a path."""
    row = index.table
    return f"fts_lexemes({row}.{index.text}, {row}.{index.within}, {_place(index, row)})"


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
                f" SELECT id, {_words(index, index.table)}, {_place(index, index.table)}"
                f" FROM {index.table}"
            )
        )
    for statement in _triggers(index):
        connection.execute(text(statement))


def _words(index: WordIndex, row: str) -> str:
    """The words of a row, each behind the key of what it belongs to: rare words stay rare there."""
    return f"replace(' ' || {row}.{index.text}, ' ', ' ' || {row}.{index.within} || 'z')"


def _place(index: WordIndex, row: str) -> str:
    """One word for each place: which one, and its value."""
    parts = (
        f"'{number}x' || replace({row}.{name}, '_', 'y')"
        for number, name in enumerate(index.places)
    )
    return " || ' ' || ".join(parts) or "''"


def _triggers(index: WordIndex) -> Iterable[str]:
    """A rebuilt table loses its triggers, so that they are asked for each time."""
    name, table = index.name, index.table
    add = (
        f"INSERT INTO {name} (rowid, words, place)"  # noqa: S608  (names of ours)
        f" VALUES (new.id, {_words(index, 'new')}, {_place(index, 'new')});"
    )
    drop = (
        f"INSERT INTO {name} ({name}, rowid, words, place)"  # noqa: S608  (names of ours)
        f" VALUES ('delete', old.id, {_words(index, 'old')}, {_place(index, 'old')});"
    )
    changed = ", ".join((index.text, index.within, *index.places))
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
