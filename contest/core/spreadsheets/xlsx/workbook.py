"""The workbook: its parts, and its sheets in order."""

import zipfile
from functools import partial

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import Sheet, UnreadableFile, Workbook
from contest.core.spreadsheets.containers import damaged
from contest.core.spreadsheets.xlsx.merges import read_merges
from contest.core.spreadsheets.xlsx.rows import TRUE, Book, hidden_columns, read_rows
from contest.core.spreadsheets.xlsx.styles import read_styles
from contest.core.spreadsheets.xlsx.texts import read_shared_texts
from contest.core.spreadsheets.xml import children, parse_part
from contest.core.vietnamese import nfc

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def _relations_of(part: str) -> str:
    """Return the path of the part that names a part's relations."""
    folder, _slash, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (kind, path in the container) of a part's relations."""
    folder = part.rpartition("/")[0]
    found = {}
    for relation in children(parse_part(archive, _relations_of(part)), "Relationship"):
        target = relation.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        steps: list[str] = []
        for step in whole.split("/"):
            if step == "..":
                del steps[-1:]
            elif step not in ("", "."):
                steps.append(step)
        kind = relation.get("Type", "").rpartition("/")[2]
        found[relation.get("Id", "")] = (kind, "/".join(steps))
    return found


def read_xlsx(archive: zipfile.ZipFile) -> Workbook:
    """Return the sheets of an opened container. Raises UnreadableFile."""
    try:
        return _workbook(archive)
    except (ValueError, LookupError) as reason:
        raise damaged() from reason


def _workbook(archive: zipfile.ZipFile) -> Workbook:
    main = next(
        (path for kind, path in _relations(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    root = parse_part(archive, main)
    relations = _relations(archive, main)
    parts = dict(relations.values())
    book = Book(archive)
    if "sharedStrings" in parts:
        book.texts = read_shared_texts(archive, parts["sharedStrings"])
    if "styles" in parts:
        book.styles = read_styles(archive, parts["styles"])
    book.from_1904 = any(
        properties.get("date1904") in TRUE for properties in children(root, "workbookPr")
    )
    sheets = tuple(
        _sheet(book, element, relations) for element in children(root, "sheets", "sheet")
    )
    readable = tuple(sheet for sheet in sheets if sheet is not None)
    if not readable:
        raise UnreadableFile("no_sheets", _l("This workbook has no sheet with cells."))
    return Workbook("xlsx", readable)


def _sheet(
    book: Book, element: etree._Element, relations: dict[str, tuple[str, str]]
) -> Sheet | None:
    relation = next(
        (value for key, value in element.attrib.items() if str(key).endswith("}id")), ""
    )
    kind, part = relations[str(relation)]
    if kind != "worksheet":
        return None
    return Sheet(
        name=nfc(element.get("name", "")),
        read_rows=partial(read_rows, book, part),
        hidden=element.get("state", "visible") != "visible",
        hidden_columns=hidden_columns(book, part),
        merges=read_merges(book.archive, part),
        pictures=_pictures(book.archive, part),
    )


def _pictures(archive: zipfile.ZipFile, part: str) -> int:
    """Count the pictures on the drawings of a sheet."""
    names = set(archive.namelist())
    if _relations_of(part) not in names:
        return 0
    drawings = [
        path
        for kind, path in _relations(archive, part).values()
        if kind == "drawing" and path in names
    ]
    return sum(len(parse_part(archive, path).findall(f".//{_DRAWN}pic")) for path in drawings)
