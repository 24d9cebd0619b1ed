"""A paper as teachers write it: questions with their lines, options and answers, cut apart."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from contest.core.spreadsheets import Cell, Row, Sheet
from contest.core.vietnamese import fold, one_line
from question_bank.formats.fields import read_difficulty
from question_bank.formats.headers import Header, Role, find_header
from question_bank.formats.word.answers import (
    AnswerTable,
    entries,
    grid,
    is_heading,
    is_key_line,
    of_code,
)
from question_bank.formats.word.cut_out import Paper, PaperQuestion
from question_bank.formats.word.lines import Block, Line, Run, Table
from question_bank.formats.word.options import (
    Option,
    first_label,
    numbered_option,
    options_inside,
    split_options,
)
from question_bank.formats.word.said_keys import KEY_LINE, said_key

_NAMED: Final = re.compile(
    r"\s*(?:câu|c©u|caâu|question)\s*(?:hỏi\s*)?(?:số\s*)?([0-9]{1,4})\s*"
    r"(?:[\[(]([^()\[\]]{1,40})[\])]\s*)?(?:[.:)\-–]\s*|\s+(?=\S)|$)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\s*([0-9]{1,3})\s*[.)/]\s+(?=\S)")
_IN_FRONT: Final = re.compile(r"\s*[\[(]([^()\[\]]{1,40})[\])]\s*[.:]?\s*(?=\S)")
_CODE: Final = re.compile(r"ma de(?: thi)?(?: so)?[\s:.\-–]*([0-9]{1,4})\b")
_SHARED: Final = re.compile(
    r".*\bcau(?: hoi)?(?: so)?(?: tu)?(?: cau)? ([0-9]{1,3}) ?"
    r"(?:den|toi|va|[-–—])(?: cau)? ?([0-9]{1,3})\b.*"
)
_READ_FIRST: Final = re.compile(
    r"\W*(?:doc|dua|quan sat|cho|su dung|xem|can cu|theo|tu)\b|.*\btra loi\b"
)
_BECAUSE: Final = re.compile(
    r"\s*(?:giải\s+thích|lời\s+giải|hướng\s+dẫn(?:\s+giải)?|explanation)\s*[:.]\s*(.*)",
    re.IGNORECASE,
)
_LEAST_OPTIONS: Final = 2
_END: Final = re.compile(r"[-–—=_*.\s]*het[-–—=_*.\s]*")
_SECTION: Final = re.compile(
    r"(?:phan|chuong|muc|bai) [ivxlc0-9a-d]+\b|[ivx]{1,4}[.)] |[-–—=_*.\s]+$"
)


def read_paper(blocks: Sequence[Block], margins: Iterable[str] = ()) -> Paper:
    """Cut a document into questions.

    Args:
        blocks: its lines and tables.
        margins: the words at the head and the foot of its pages, where the paper's code may stand.
    """
    cutter = _Cutter(named=_has_names(blocks))
    for words in margins:
        cutter.codes.update(code[1] for code in _CODE.finditer(fold(one_line(words))))
    lines = list(_flat(blocks))
    for place, block in enumerate(lines):
        following = next((each for each in lines[place + 1 : place + 4] if _has_words(each)), None)
        cutter.take(block, following if isinstance(following, Line) else None)
    return cutter.whole()


def _has_words(block: Block) -> bool:
    return isinstance(block, Table) or bool(block.text.strip())


def _has_names(blocks: Sequence[Block]) -> bool:
    """Are questions named ("Câu 1"), so that "1." alone is none?"""
    lines = (block for block in _flat(blocks) if isinstance(block, Line))
    return any(line.number == "question" or _NAMED.match(line.text) for line in lines)


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give tables of layout as the lines of their cells; other tables stay."""
    for block in blocks:
        if isinstance(block, Table) and grid(block) is None and question_table(block) is None:
            yield from (line for row in block.rows for cell in row for line in cell)
        else:
            yield block


def _cell_rows(table: Table) -> Iterator[Row]:
    for number, row in enumerate(table.rows, start=1):
        cells = {
            column: Cell(text)
            for column, cell in enumerate(row)
            if (text := "\n".join(line.text for line in cell)).strip()
        }
        if cells:
            yield Row(number, cells)


def question_table(table: Table) -> Header | None:
    """Return the header of a table of questions; None for another table."""
    return find_header(Sheet("", partial(_cell_rows, table)))


class _Cutter:
    """Takes lines one after another and gives each to its question."""

    def __init__(self, *, named: bool) -> None:
        self.named = named
        self.paper = Paper()
        self.in_answers = False
        # Answers without a heading above; see `_settle`.
        self.unheaded = AnswerTable()
        self.headed = False
        # The codes of the paper: answers of another code are none of its own.
        self.codes: set[str] = set()
        self.named_below: set[str] = set()
        self.other_code = False

    @property
    def current(self) -> PaperQuestion | None:
        return self.paper.questions[-1] if self.paper.questions else None

    def take(self, block: Block, following: Line | None) -> None:
        if isinstance(block, Table):
            self._table(block)
            return
        if self.in_answers and self._goes_on(block, following):
            self.in_answers = self.headed = self.other_code = False
            self.codes |= self.named_below
        code = _CODE.search(fold(one_line(block.text)))
        if self.paper.questions and is_heading(block):
            self.in_answers = self.headed = True
            self.other_code = False
        elif self.paper.questions and (is_key_line(block) or self._answers_all(block, following)):
            self.in_answers = True
        if code and self.in_answers:
            self.other_code = bool(self.codes) and code[1] not in self.codes
            self.named_below = {code[1]}
        elif code:
            self.codes.add(code[1])
        self._share(block)
        last = self.current.number if self.current else None
        if self.in_answers:
            self._answers(block)
        elif self._begins(block):
            self._settle(last)
        else:
            self.belongs(block, following)

    def _share(self, line: Line) -> None:
        """Remember which questions ask about a text above them: "… trả lời câu 1 đến 3"."""
        text = fold(one_line(line.text))
        found = _SHARED.fullmatch(text)
        if found and _READ_FIRST.match(text):
            self.paper.shared.update(range(int(found[1]), int(found[2]) + 1))

    def whole(self) -> Paper:
        """Return the paper when all lines were taken."""
        self._settle(None)
        return self.paper

    def _settle(self, last: int | None) -> None:
        """Take answers without a heading for those of the paper, or of the part before.

        When another question begins below they must answer the `last` one too: else they may say
        how the two columns of a question belong together.
        """
        if last is None or last in self.unheaded.said:
            for number, said in self.unheaded.said.items():
                self.paper.answers.add([(number, letters) for letters in said])
        self.unheaded = AnswerTable()

    def _answers(self, line: Line) -> None:
        key = KEY_LINE.fullmatch(line.text)
        found = entries(line.text) or (entries(key[1]) if key else None)
        if found and not self.other_code:
            (self.paper.answers if self.headed else self.unheaded).add(found)

    def _goes_on(self, line: Line, following: Line | None) -> bool:
        """Does another question begin below answers, as where each part has its own?"""
        found = (_NAMED if self.named else _NUMBERED).match(line.text)
        if not found or entries(line.text):
            return False
        options = following is not None and first_label(following) in {"A", "a"}
        known = {question.number for question in self.paper.questions}
        return options or (self.named and int(found[1]) not in known)

    def _answers_all(self, line: Line, following: Line | None) -> bool:
        """Is the last line of a paper "Đáp án: 1A, 2B …", with an answer for each question?

        The same words below one question may say how its two columns belong together.
        """
        key = KEY_LINE.fullmatch(line.text) if following is None else None
        found = entries(key[1]) if key else None
        numbers = [question.number for question in self.paper.questions]
        return len(numbers) > 1 and [number for number, _letters in found or []] == numbers

    def _table(self, table: Table) -> None:
        header = question_table(table)
        if header is not None:
            self.paper.questions += _of_table(table, header)
        elif self.paper.questions and not self.other_code:
            own = of_code(table, self.codes)
            (self.paper.answers if self.headed else self.unheaded).add(grid(own) or [])

    def _begins(self, line: Line) -> bool:
        """Begin a question with this line, if it is the first of one."""
        found = (_NAMED if self.named else _NUMBERED).match(line.text)
        automatic = line.number == ("question" if self.named else "number")
        if not found and not automatic:
            return False
        question = PaperQuestion(int(found[1]) if found else None)
        self.paper.questions.append(question)
        rest = line.cut(found.end(), len(line.text)) if found else line
        if found and self.named and found[2]:
            question.difficulty = read_difficulty(found[2])
        elif self.named and (front := _IN_FRONT.match(rest.text)):
            question.difficulty = read_difficulty(front[1])
            if question.difficulty:
                rest = rest.cut(front.end(), len(rest.text))
        rest.pictures, rest.equations = line.pictures, line.equations
        options = options_inside(rest)
        if options is not None:
            stem = rest.cut(0, options)
            stem.pictures, stem.equations = line.pictures, line.equations
            self._stem(question, stem)
            end = rest.cut(options, len(rest.text))
            self._option(question, split_options(end, (), None), end)
        else:
            self._stem(question, rest)
        question.original.append(line.text)
        return True

    def _stem(self, question: PaperQuestion, line: Line) -> None:
        """Add a line to the stem; options may begin on the same line."""
        question.pictures += line.pictures
        question.equations += line.equations
        if line.text.strip():
            question.stem.append(line)

    def belongs(self, line: Line, following: Line | None) -> None:
        """Give a line to the question that is being read."""
        question = self.current
        if question is None:
            return
        if first_label(line) == "A" and question.options and question.options[0].letter == "a":
            question.statements()
        if not question.is_closed:
            question.original.append(line.text)
        text = one_line(line.text)
        if said := said_key(line, question.options):
            question.other_keys += [question.key] if question.key is not None else []
            question.key = said.key
            question.explanation += [said.why] if said.why else []
        elif why := _BECAUSE.fullmatch(line.text):
            question.explanation.append(one_line(why[1]))
        elif question.is_closed:
            question.unread += [text] if _continues(question, line) else []
        elif text or line.pictures:
            self._open(question, line, following, text)

    def _open(self, question: PaperQuestion, line: Line, following: Line | None, text: str) -> None:
        """Give a line to a question that is not at its end."""
        if line.number == "letter":
            self._option(question, [numbered_option(line)], line)
        elif found := self._split(question, line, following):
            self._option(question, found, line)
        elif not question.options and not first_label(line):
            self._stem(question, line)
        elif line.is_picture and not question.explanation:
            question.picture_after = True
            self._stem(question, line)
        else:
            self._after_options(question, line, text)

    def _split(self, question: PaperQuestion, line: Line, following: Line | None) -> list[Option]:
        found = split_options(line, question.options, following, on_one_line=question.on_one_line)
        question.on_one_line = max(question.on_one_line, len(found))
        return found

    def _option(self, question: PaperQuestion, found: list[Option], line: Line) -> None:
        question.options += found
        question.pictures += line.pictures
        question.equations += line.equations

    def _after_options(self, question: PaperQuestion, line: Line, text: str) -> None:
        """Tell what a line is that follows options: the end, a heading, or more of an option."""
        folded = fold(text)
        if not text or question.explanation:
            question.pictures += line.pictures
            question.explanation += [text] if text else []
        elif _END.fullmatch(folded) or _SECTION.match(folded) or _is_heading(text):
            question.is_closed = True
        elif first_label(line):
            question.unread.append(text)
        elif text[:1].islower() and question.options:
            last = question.options[-1].text
            last.runs += [Run(" "), *line.runs]
        else:
            question.loose.append(text)
            question.is_closed = True


def _continues(question: PaperQuestion, line: Line) -> bool:
    """Is a line the next option, cut off from those before by a line that is none?"""
    last = question.options[-1].letter if question.loose and question.options else ""
    return bool(last) and first_label(line) == chr(ord(last) + 1) and not _is_heading(line.text)


def _is_heading(text: str) -> bool:
    """Return whether a line is in capitals, as "B. PHẦN BẢNG" is; "B. HCM" may be an option."""
    label = first_label(Line([Run(text)]))
    bare = text[2:].strip() if label else text
    return bare.isupper() and len(bare.split()) > 1


def _of_table(table: Table, header: Header) -> Iterator[PaperQuestion]:
    """Yield the rows of a table of questions."""
    for number, row in enumerate(table.rows, start=1):
        texts = ["\n".join(line.text for line in cell) for cell in row]
        if number <= header.last_row or not any(text.strip() for text in texts):
            continue

        def cell(column: int | None, row: Sequence[Sequence[Line]] = row) -> list[Line]:
            return list(row[column]) if column is not None and column < len(row) else []

        printed = re.search("[0-9]{1,4}", one_line(_joined(cell(header.roles.get(Role.NUMBER)))))
        question = PaperQuestion(int(printed[0]) if printed else None)
        lines = [line for line in cell(header.roles.get(Role.STEM)) if line.text.strip()]
        _stem_of_cell(question, lines, with_options=not header.options)
        question.options += _options_of_cells(
            {place: cell(column) for place, column in header.options.items()}
        )
        question.pictures = sum(line.pictures for each in row for line in each)
        question.equations = sum(line.equations for each in row for line in each)
        question.original = texts
        if Role.KEY in header.roles:
            question.key = one_line(_joined(cell(header.roles[Role.KEY])))
        if question.stem or question.options:
            yield question


def _options_of_cells(cells: Mapping[int, Sequence[Line]]) -> Iterator[Option]:
    """Yield the options up to the last cell that holds one.

    An empty cell before it is an empty option, so that the letters behind it stay what they are.
    """
    last = max((place for place, lines in cells.items() if _joined(lines).strip()), default=-1)
    for place in range(last + 1):
        runs = [run for line in cells.get(place, ()) for run in line.runs]
        yield Option(chr(ord("A") + place), Line(runs))


def _stem_of_cell(question: PaperQuestion, lines: Sequence[Line], *, with_options: bool) -> None:
    """Take the lines of a cell as the stem; in a table without columns for them, options too."""
    if not with_options:
        question.stem = list(lines)
        return
    cutter = _Cutter(named=True)
    cutter.paper.questions.append(question)
    for place, line in enumerate(lines):
        cutter.belongs(line, next(iter(lines[place + 1 :]), None))


def options_in_cell(text: str) -> tuple[str, list[str]] | None:
    """Cut the text of one cell into stem and options, where this is certain; None otherwise.

    Every line below the stem must be options, in the order of their letters and none of them
    empty, or A, B, C … stand in a row on the only line.
    """
    lines = [Line([Run(each)]) for each in text.split("\n") if each.strip()]
    question = PaperQuestion(None)
    at = options_inside(lines[0]) if len(lines) == 1 else None
    if at is not None:
        lines = [lines[0].cut(0, at), lines[0].cut(at, len(lines[0].text))]
    _stem_of_cell(question, lines, with_options=True)
    words = [option.words for option in question.options]
    unsure = question.loose or question.unread or question.explanation or question.key is not None
    stem = "\n".join(line.text for line in question.stem)
    if unsure or len(words) < _LEAST_OPTIONS or not all(words) or not stem.strip():
        return None
    return stem, words


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)
