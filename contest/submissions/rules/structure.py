"""What stands where in a document: head lines, title, body, captions, closing lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from contest.core.vietnamese import count_words, fold, one_line
from contest.submissions.rules.identity import looks_like_name
from contest.submissions.rules.texts import Block

_MOST_HEAD_WORDS: Final = 45
_MOST_CLOSING_WORDS: Final = 40
_MOST_CAPTION_WORDS: Final = 35
_MOST_TITLE_WORDS: Final = 40
_MOST_HEAD_BLOCKS: Final = 20
_MOST_LONG_TITLE: Final = 300

_LABEL: Final = re.compile(
    r"^(?:ho (?:va|,)? ?ten|ho ten|but danh|tac gia|nguoi viet|nguoi du thi|thi sinh|"
    r"nhom tac gia|don vi|"
    r"noi cong tac|cong tac tai|co quan|lop|truong|chuc vu|nghe nghiep|ngay sinh|nam sinh|"
    r"sinh ngay|"
    r"dia chi|dien thoai|so dien thoai|sdt|dt|dtdd|zalo|email|e-mail|thu dien tu|thu|nhan vat|"
    r"nguoi duoc viet|viet ve|ma so|so bao danh|kinh gui|chi bo|dang bo|doan|hoi|to|"
    r"the loai|chu de|phan thi)\b\s*(?:[:/.–-]|\(|$|\d)"
)
_CALL: Final = re.compile(r"\b(?:cuoc thi|bai du thi|bai viet du thi|tac pham du thi|hoi thi)\b")
_CONTACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.|(?:\+?84|\b0)[\d .\-]{8,14}\d")
_STATE: Final = re.compile(r"^(?:cong hoa xa hoi chu nghia|doc lap ?[-–] ?tu do|dang cong san)")
_CLOSING: Final = re.compile(
    r"^(?:(?:toi|em|chung toi) (?:xin )?cam (?:doan|ket)|nguoi viet|nguoi du thi|tac gia|ky ten|"
    r"\(?ky(?: va)?(?: ghi)?|xac nhan|thu truong|bai viet (?:nay )?(?:chua|khong|do|la)|"
    r"(?:ho va ten|ho ten|don vi|dien thoai|sdt|dt|email|dia chi)\b|nguon\b|"
    r"[\w ,.'-]{2,60}, (?:ngay|thang) \S+|ngay \d+ thang \d+|xin (?:tran trong )?cam on)"
)
_CAPTION: Final = re.compile(
    r"(?:\banh|\bhinh|\bnguon(?: anh)?)\s*\d*\s*[:.]|tac gia (?:chup|cung cap)"
    r"|^\(?\s*(?:anh|hinh) ",
)
_PERSON_LABEL: Final = re.compile(
    r"^(?:Họ (?:và|,)?\s*tên|Họ tên|Bút danh|Tác giả(?: ký tên)?|Người (?:viết|dự thi)|Thí sinh)"
    r"\s*[:\-–]\s*([^–\-;,:()\d]+)",
    re.IGNORECASE,
)
_UNIT_LABEL: Final = re.compile(
    r"(?:Đơn vị|Nơi công tác|Cơ quan|Trường)\s*:\s*([^–;,:()\d]+)", re.IGNORECASE
)
_SUBJECT_LABEL: Final = re.compile(
    r"^(?:Nhân vật|Viết về|Người được viết)\s*[:\-–]\s*"
    r"(?:(?:chị|anh|ông|bà|cô|thầy|chú|bác|em|đồng chí|bác sĩ)\s+)?([^,;–:()]+)(?:,\s*(.+))?$",
    re.IGNORECASE,
)


def begins_closing(text: str) -> bool:
    """Whether a line begins what stands under an essay: pledge, signature, place and date."""
    return count_words(text) <= _MOST_CLOSING_WORDS and bool(_CLOSING.match(fold(one_line(text))))


def is_caption(text: str) -> bool:
    """Whether a short line is the caption of a picture."""
    folded = fold(one_line(text))
    return count_words(text) <= _MOST_CAPTION_WORDS and bool(_CAPTION.search(folded))


@dataclass(frozen=True, slots=True)
class Document:
    """An essay taken apart.

    Attributes:
        title: empty when none was found.
        body: blocks that count; figures stand in them.
        captions: words under a picture, by its name.
        left_out: head and closing lines, for the author to check.
        hints: names, units, numbers that stood there: who wrote.
        subject_name: the person written about, where a head line says so.
        subject_note: what the same line says about that person.
    """

    title: str
    body: list[Block]
    captions: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    subject_name: str = ""
    subject_note: str = ""


def take_apart(blocks: Sequence[Block], hints: Sequence[str] = ()) -> Document:
    """Find title, body, captions, head and closing lines of a document."""
    rest, captions = _take_captions(blocks)
    head, title, rest = _take_head(rest)
    body, closing = _take_closing(rest)
    name, note = _subject(head)
    return Document(
        title=title[:_MOST_LONG_TITLE],
        body=body,
        captions=captions,
        left_out=[*head, *closing],
        hints=list(dict.fromkeys(_hints([*head, *closing], hints))),
        subject_name=name,
        subject_note=note,
    )


def _take_captions(blocks: Sequence[Block]) -> tuple[list[Block], dict[str, str]]:
    captions: dict[str, str] = {}
    rest: list[Block] = []
    for place, block in enumerate(blocks):
        before = blocks[place - 1] if place else None
        after_figure = before is not None and before.kind == "figure"
        if after_figure and before is not None and _is_caption_block(block):
            captions[before.file_id] = one_line(block.text)[:300]
        else:
            rest.append(block)
    return rest, captions


def _is_caption_block(block: Block) -> bool:
    if block.kind == "figure" or count_words(block.text) > _MOST_CAPTION_WORDS:
        return False
    italic = all("em" in run.marks for run in block.runs if run.text.strip())
    return italic or is_caption(block.text)


def _is_head_line(text: str) -> bool:
    return _says_head(text) or looks_like_name(text)


def _says_head(text: str) -> bool:
    """Whether the words say what the line is, other than a name alone."""
    folded = fold(one_line(text))
    return bool(_LABEL.match(folded) or _STATE.match(folded) or _CONTACT.search(text)) or (
        bool(_CALL.search(folded)) and count_words(text) <= _MOST_TITLE_WORDS
    )


def _take_head(blocks: Sequence[Block]) -> tuple[list[str], str, list[Block]]:
    """Everything before the first real paragraph: head lines, and the title among them."""
    place = 0
    short: list[Block] = []
    figures: list[Block] = []
    for block in blocks[:_MOST_HEAD_BLOCKS]:
        if block.kind == "figure":
            figures.append(block)
        elif block.kind in {"h2", "h3"} or _could_be_head(block):
            short.append(block)
        else:
            break
        place += 1
    titles = [block for block in short if not _is_head_line(block.text)]
    titles = [block for block in titles if block.kind != "p" or _could_be_title(block)] or titles
    if not titles:
        # "Ánh đèn bên sông" in capitals is a title that looks like a name; "BÀI DỰ THI" is neither.
        named = [
            block for block in short if looks_like_name(block.text) and not _says_head(block.text)
        ]
        titles = named if len(named) == 1 and place < len(blocks) else []
    chosen = _choose_title(titles)
    head = [one_line(block.text) for block in short if block is not chosen]
    # Short lines after the title are no head lines: a motto, a verse, a first short paragraph.
    if chosen is not None:
        behind = short[short.index(chosen) + 1 :]
        kept = [block for block in behind if not _is_head_line(block.text)]
        head = [line for line in head if line not in {one_line(block.text) for block in kept}]
        figures = [*figures, *kept]
    title = _sentence_case(one_line(chosen.text)) if chosen is not None else ""
    return head, title, [*figures, *blocks[place:]]


def _could_be_head(block: Block) -> bool:
    words = count_words(block.text)
    if _is_head_line(block.text):
        return words <= _MOST_HEAD_WORDS
    return words <= _MOST_TITLE_WORDS and not block.text.rstrip().endswith((".", ";", ","))


def _could_be_title(block: Block) -> bool:
    strong = all("strong" in run.marks for run in block.runs if run.text.strip())
    return strong or block.text.isupper()


def _choose_title(titles: Sequence[Block]) -> Block | None:
    headings = [block for block in titles if block.kind in {"h2", "h3"}]
    return next(iter(headings or titles), None)


def _sentence_case(title: str) -> str:
    return title.capitalize() if title.isupper() else title


def _take_closing(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Lines under the essay, from the end upwards while they look like it."""
    body = list(blocks)
    closing: list[str] = []
    figures: list[Block] = []
    while body:
        last = body[-1]
        if last.kind == "figure":
            figures.insert(0, body.pop())
            continue
        text = one_line(last.text)
        is_closing = (
            begins_closing(text)
            or looks_like_name(text)
            or (count_words(text) <= _MOST_TITLE_WORDS and _is_head_line(text))
        )
        if not is_closing:
            break
        closing.insert(0, text)
        body.pop()
    return [*body, *figures], closing


def _hints(lines: Sequence[str], given: Sequence[str]) -> list[str]:
    found = [hint for hint in given if hint]
    for line in lines:
        person = _PERSON_LABEL.match(line)
        if person:
            found.append(one_line(person[1]).strip(" ."))
        unit = _UNIT_LABEL.search(line)
        if unit:
            found.append(one_line(unit[1]).strip(" ."))
        if looks_like_name(line):
            found.append(one_line(line))
        tail = re.split(r"[.:]\s+", line)[-1].strip(" .")
        if looks_like_name(tail):
            found.append(tail)
    return found


def _subject(head: Sequence[str]) -> tuple[str, str]:
    for line in head:
        found = _SUBJECT_LABEL.match(line)
        if found:
            return one_line(found[1]), one_line(found[2] or "")
    return "", ""
