"""The registry of question kinds: a new kind is one file here and one line below."""

from types import MappingProxyType

from question_bank.kinds import multiple, single, true_false
from question_bank.kinds.base import QuestionKind

KINDS: MappingProxyType[str, QuestionKind] = MappingProxyType(
    {
        single.KIND.code: single.KIND,
        multiple.KIND.code: multiple.KIND,
        true_false.KIND.code: true_false.KIND,
    }
)


def kind_of(code: str) -> QuestionKind:
    """Return the kind with this code. Raises ``KeyError`` when no such kind is registered."""
    return KINDS[code]
