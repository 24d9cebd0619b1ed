"""Pictures of a Word document: by the relation that a drawing names, with its own words."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from contest.core.spreadsheets import UnreadableFile
from contest.core.spreadsheets.containers import read_part
from contest.core.spreadsheets.xml import parse_part
from question_bank.formats.media import Budget, FoundMedia

_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V: Final = "{urn:schemas-microsoft-com:vml}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_MOST_BYTES: Final = 15 * 1024 * 1024


@dataclass
class Pictures:
    """Reads the pictures of one document, each once; what cannot be read is counted."""

    archive: zipfile.ZipFile
    media: FoundMedia = field(default_factory=lambda: FoundMedia(Budget()))
    targets: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "Pictures":
        """Open the relations of a document. Raises UnreadableFile."""
        targets = {}
        if _RELATIONS in archive.namelist():
            for relation in parse_part(archive, _RELATIONS).iterchildren(tag=etree.Element):
                inside = relation.get("TargetMode") != "External"
                if inside and (relation.get("Type") or "").endswith("/image"):
                    target = posixpath.normpath(f"word/{relation.get('Target') or ''}")
                    targets[relation.get("Id") or ""] = target
        return cls(archive, targets=targets)

    def tokens(self, drawing: etree._Element) -> list[str]:
        """Return the pictures of a drawing; "" for each that cannot be taken."""
        about = next(drawing.iter(f"{_WP}docPr"), None)
        words = ""
        decorative = False
        if about is not None:
            words = about.get("descr") or about.get("title") or ""
            decorative = any(each.get("val") == "1" for each in about.iter(_DECORATIVE))
        named = [each.get(f"{_R}embed") or "" for each in drawing.iter(f"{_A}blip")]
        for each in drawing.iter(f"{_V}imagedata"):
            named.append(each.get(f"{_R}id") or "")
            words = words or each.get("title") or ""
        return [self._token(name, words, is_decorative=decorative) for name in named] or [""]

    def _token(self, name: str, words: str, *, is_decorative: bool) -> str:
        target = self.targets.get(name, "")
        try:
            content = read_part(self.archive, target, _MOST_BYTES) if target else None
        except (KeyError, UnreadableFile):
            content = None
        # Of a whole paper, not of one question: the limit on their number comes later.
        one = FoundMedia(self.media.budget)
        token = one.content(content, words, is_decorative=is_decorative)
        self.media.found |= one.found
        return token

    def formula(self, markup: str, words: str) -> str:
        """Return the token of an equation; "" when it cannot be kept as one."""
        one = FoundMedia(self.media.budget)
        token = one.formula(markup, words)
        self.media.found |= one.found
        return token
