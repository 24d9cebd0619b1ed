"""XML of office files: streamed by expat, without a document type, entities or network.

A part with a document type is refused before anything in it is expanded: no office program
writes one, and both bombs and foreign entities need it.
"""

import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat  # nosec B407

from lxml import etree

from contest.core.spreadsheets.containers import damaged, open_part, read_chunk, read_part

_CHUNK = 256 * 1024
_MAX_SMALL_PART = 20 * 1024 * 1024

Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


def _refuse_document_type(*_parts: object) -> None:
    raise damaged()


def _local(handler: Callable[..., None]) -> Callable[..., None]:
    """Return a handler that takes names with a prefix and passes them on without."""
    names: dict[str, str] = {}

    def with_local_name(name: str, *rest: object) -> None:
        local = names.get(name)
        if local is None:
            local = names[name] = name.rpartition(":")[2]
        handler(local, *rest)

    return with_local_name


def stream_part(
    archive: zipfile.ZipFile, name: str, *, start: OnStart, end: OnEnd, text: OnText
) -> Iterator[None]:
    """Parse a part and yield after each chunk; handlers get names without their prefix.

    Raises UnreadableFile when it is not well-formed or holds a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, attributes: Attributes) -> None:
        # Most programs write no prefix; then names need no work at all.
        prefixed = ":" in name
        parser.StartElementHandler = _local(start) if prefixed else start
        parser.EndElementHandler = _local(end) if prefixed else end
        start(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = root
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        with open_part(archive, name) as stream:
            while chunk := read_chunk(stream, _CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003 -- the signature is expat's
                yield
            parser.Parse(b"", True)  # noqa: FBT003 -- as above
            yield
    except (expat.ExpatError, ValueError) as reason:
        raise damaged() from reason


def parse_part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Return the root of a small part (styles, relations). Raises UnreadableFile."""
    try:
        content = read_part(archive, name, _MAX_SMALL_PART)
    except KeyError as reason:
        raise damaged() from reason
    if b"<!DOCTYPE" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise damaged()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as reason:
        raise damaged() from reason


def children(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """Yield the elements at a path of local names, whatever their namespace."""
    if not path:
        yield element
        return
    for child in element.iterchildren(tag=etree.Element):
        if etree.QName(child).localname == path[0]:
            yield from children(child, *path[1:])
