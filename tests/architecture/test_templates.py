"""No words of the interface stand unmarked in a template or in the code."""

import ast
import html
import re
from collections.abc import Iterator
from typing import Final

import pytest
from jinja2 import Environment, nodes

from contest.config import PROJECT_ROOT
from tests.support.sources import calls, dotted, python_sources

TEMPLATES: Final = sorted((PROJECT_ROOT / "templates").rglob("*.html"))
ENVIRONMENT: Final = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
EXPRESSION: Final = "\N{REPLACEMENT CHARACTER}"
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
WORD_ATTRIBUTES: Final = re.compile(
    r"""\s(?:alt|title|placeholder|aria-label|aria-description|label|data-label)=("[^"]*"|'[^']*')"""
)
NOT_WORDS: Final = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>|(?<![\w/])/[a-z-]+", re.DOTALL
)
SENTENCE: Final = re.compile(r"^[A-ZÀ-Ỹ][a-zà-ỹ]+( |$)")
GETTEXT: Final = {"_", "_l", "gettext", "ngettext", "pgettext", "lazy_gettext"}
SAME_IN_EVERY_LANGUAGE: Final = {
    "Gương",
    "Sáng",
    "Tiếng",
    "Việt",
    "English",
    "Excel",
    "CSV",
    "JSON",
    "PDF",
    "SHA",
    "kB",
    "MB",
    "px",
}


def literal_text(template: nodes.Template) -> str:
    """The text of a template with a mark where an expression stands, without names of classes."""
    hidden = {
        id(output)
        for block in template.find_all(nodes.Block)
        if block.name.endswith("_class")
        for output in block.find_all(nodes.Output)
    }
    return "".join(
        node.data if isinstance(node, nodes.TemplateData) else EXPRESSION
        for output in template.find_all(nodes.Output)
        if id(output) not in hidden
        for node in output.nodes
    )


def unmarked_text(source: str) -> list[str]:
    text = literal_text(ENVIRONMENT.parse(source))
    attributes = [match.group(1).strip("\"'") for match in WORD_ATTRIBUTES.finditer(text)]
    words = html.unescape(NOT_WORDS.sub(" ", text) + " " + " ".join(attributes))
    return [word for word in LETTERS.findall(words) if word not in SAME_IN_EVERY_LANGUAGE]


def unmarked_constants(source: str) -> list[str]:
    """Sentences given to macros and filters without going through gettext."""
    template = ENVIRONMENT.parse(source)
    marked = {
        id(constant)
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for constant in call.find_all(nodes.Const)
    }
    return [
        constant.value
        for constant in template.find_all(nodes.Const)
        if isinstance(constant.value, str)
        and id(constant) not in marked
        and SENTENCE.match(constant.value)
        and not set(LETTERS.findall(constant.value)) <= SAME_IN_EVERY_LANGUAGE
    ]


@pytest.mark.parametrize("source", ["<p>Hello</p>", '<img alt="A picture">', "{{ x }} of {{ y }}"])
def test_unmarked_words_are_found(source: str) -> None:
    assert unmarked_text(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello') }}</p>",
        "{% trans %}Hello{% endtrans %}",
        '<a {% if x %}class="wide"{% endif %} href="{{ y }}">{{ _("Go") }}</a>',
        "<p>Gương Sáng – 12&nbsp;%</p>",
    ],
)
def test_marked_words_and_markup_pass(source: str) -> None:
    assert unmarked_text(source) == []


def test_words_given_to_a_macro_are_found() -> None:
    assert unmarked_constants("{{ button('Save it') }}{{ button(_('Save')) }}") == ["Save it"]


def test_no_template_holds_unmarked_words() -> None:
    faults = {
        path.relative_to(PROJECT_ROOT).as_posix(): found
        for path in TEMPLATES
        if (found := unmarked_text(path.read_text(encoding="utf-8")))
    }
    assert faults == {}


def test_no_template_hands_on_unmarked_words() -> None:
    faults = {
        path.relative_to(PROJECT_ROOT).as_posix(): found
        for path in TEMPLATES
        if (found := unmarked_constants(path.read_text(encoding="utf-8")))
    }
    assert faults == {}


def shown_to_people(call: ast.Call, name: str) -> Iterator[ast.expr]:
    """Arguments of a call that a person will read."""
    last = name.rsplit(".", maxsplit=1)[-1]
    if last == "flash" or (last.endswith("Field") and last[0].isupper()):
        yield from call.args[:1]
    for keyword in call.keywords:
        if keyword.arg in {"label", "description", "message"} and last not in {"option", "info"}:
            yield keyword.value


def test_no_message_in_the_code_is_unmarked() -> None:
    faults = [
        f"{source.place}:{call.lineno} {value.value!r}"
        for source in python_sources()
        # What the demo's people have written is content, in Vietnamese on purpose.
        if not source.place.startswith("contest/demo/")
        for call, name in calls(source)
        for value in shown_to_people(call, name)
        if isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and LETTERS.search(value.value)
    ]
    assert faults == []


def test_no_message_hides_inside_an_f_string() -> None:
    """The extraction does not look inside them on Python 3.11."""
    faults = [
        f"{source.place}:{call.lineno}"
        for source in python_sources()
        for text in ast.walk(source.tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and dotted(call.func) in GETTEXT
    ]
    assert faults == []


def test_the_words_of_a_refusal_are_marked() -> None:
    faults = [
        f"{source.place}:{statement.lineno}"
        for source in python_sources()
        for definition in ast.walk(source.tree)
        if isinstance(definition, ast.ClassDef)
        for statement in definition.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and isinstance(statement.value, ast.Constant)
        and LETTERS.search(str(statement.value.value))
        and any(
            isinstance(target, ast.Name) and target.id == "message"
            for target in (
                statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            )
        )
    ]
    assert faults == []


def test_only_the_sidebar_has_its_class():
    """`.side` is as high as the window: a cell of a table that took it left a screen of nothing."""
    taken = [
        path.name
        for path in TEMPLATES
        if re.search(r'class="(?:[\w-]+ )*side[ "]', path.read_text())
    ]
    assert taken == ["workroom.html"]


STATIC_FILE: Final = re.compile(r"static_url\('([^'~]+)'\)")


def test_every_file_that_a_template_loads_is_there():
    named = {
        (path.name, name)
        for path in TEMPLATES
        for name in STATIC_FILE.findall(path.read_text(encoding="utf-8"))
    }
    assert ("sheet.html", "js/judging/desk.js") in named
    static = PROJECT_ROOT / "static"
    assert sorted(each for each in named if not (static / each[1]).is_file()) == []
