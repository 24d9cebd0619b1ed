"""XML of office files: streamed by expat, without a document type, entities or network.

A part with a document type is refused before anything in it is expanded: no office program
writes one, and both bombs and foreign entities need it.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from xml.parsers import expat  # nosec B407

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import UnreadableFile
from contest.core.spreadsheets.containers import damaged, open_part, read_chunk, read_part

_CHUNK = 256 * 1024
_MAX_SMALL_PART = 20 * 1024 * 1024

Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


def document_type() -> UnreadableFile:
    """The refusal of a part that declares a document type."""
    return UnreadableFile(
        "document_type",
        _l(
            "This file declares a document type (DTD), which no office program writes, and is not "
            "read. Open it in Excel or Word, save it again and retry."
        ),
    )


def _refuse_document_type(*_parts: object) -> None:
    raise document_type()


def _local(handler: Callable[..., None]) -> Callable[..., None]:
    """Return a handler that takes names with a prefix and passes them on without."""
    names: dict[str, str] = {}

    def with_local_name(name: str, *rest: object) -> None:
        local = names.get(name)
        if local is None:
            local = names[name] = name.rpartition(":")[2]
        handler(local, *rest)

    return with_local_name


class Plain(NamedTuple):
    """Items so plain that a pattern reads them, several times as fast as handlers do.

    `pattern` matches whole items that begin with `opening`, or runs of such items: tags without a
    prefix, attributes as the office programs write them, texts of `PLAIN_TEXT`. `take` gets each
    match. Whatever looks otherwise goes to the handlers, in its place between the others.
    """

    opening: bytes
    pattern: re.Pattern[bytes]
    take: Callable[[re.Match[bytes]], None]


PLAIN_TEXT: Final = rb"[^<>&\x00-\x08\x0b-\x1f]*+"
"""The inside of a pattern: text that stands in XML as it is, without entities or escapes."""

_LONGEST_PLAIN: Final = 1024 * 1024
_IN_UTF_8: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?<(?!\?xml)|(?:\xef\xbb\xbf)?<\?xml(?:(?!encoding)[^>])*"
    rb"(?:encoding=[\"'][Uu][Tt][Ff]-8[\"'][^>]*)?>"
)


class _Sieve:
    """Takes plain items out of the chunks of a part, and gives the rest on to the parser.

    Comments, CDATA and other encodings end the shortcut: within them a pattern could be wrong.
    """

    def __init__(self, plain: Plain | None, parse: Callable[[bytes], object]) -> None:
        self.plain, self.parse = plain, parse
        self.held = b""
        self.begun = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        window, self.held = self.held + chunk, b""
        if not self.begun:
            self.begun = True
            if not _IN_UTF_8.match(window):
                self.plain = None
        if self.plain is None or b"<!" in window:
            self.plain = None
            self.parse(window)
            return
        done = 0
        for found in self.plain.pattern.finditer(window):
            if found.start() > done:
                self.parse(window[done : found.start()])
            self.plain.take(found)
            done = found.end()
        # What may be the beginning of an item waits for its end.
        cut = window.rfind(self.plain.opening, done)
        if cut < 0:
            cut = max(window.rfind(b"<", done), done)
        if len(window) - cut > _LONGEST_PLAIN:
            self.plain, cut = None, len(window)
        if cut > done:
            self.parse(window[done:cut])
        self.held = window[cut:]

    def close(self) -> None:
        """Give on what still waited."""
        if self.held:
            self.parse(self.held)


def stream_part(
    archive: zipfile.ZipFile,
    name: str,
    *,
    start: OnStart,
    end: OnEnd,
    text: OnText,
    plain: Plain | None = None,
) -> Iterator[None]:
    """Parse a part and yield after each chunk; handlers get names without their prefix.

    Items that `plain` matches are taken past the handlers. Raises UnreadableFile when the part is
    not well-formed or holds a document type.
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
    sieve = _Sieve(plain, lambda piece: parser.Parse(piece, False))  # noqa: FBT003 -- expat's
    try:
        with open_part(archive, name) as stream:
            while chunk := read_chunk(stream, _CHUNK):
                sieve.feed(chunk)
                yield
            sieve.close()
            parser.Parse(b"", True)  # noqa: FBT003 -- the signature is expat's
            yield
    except (expat.ExpatError, ValueError) as reason:
        raise damaged() from reason


def parse_part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Return the root of a small part (styles, relations). Raises UnreadableFile."""
    try:
        content = read_part(archive, name, _MAX_SMALL_PART)
    except KeyError as reason:
        raise damaged() from reason
    if b"<!DOCTYPE" in content:
        raise document_type()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # where a declaration would not be seen
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
