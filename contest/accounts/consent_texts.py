"""The words that people agree to, by purpose and version, in each language.

A version is never changed once it has been shown: new words are a new, higher version. The rows
of `consent_text` are made from here when somebody first agrees to them.
"""

from dataclasses import dataclass
from typing import Final

from contest.accounts.models import ConsentPurpose
from contest.core.audit import sha256_hex


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """One version of the words for one purpose.

    Attributes:
        purpose: what is agreed to.
        version: counts from 1.
        bodies: the words by language.
    """

    purpose: ConsentPurpose
    version: int
    bodies: dict[str, str]

    def body(self, locale: str) -> str:
        """The words in a language, Vietnamese where it has none."""
        return self.bodies.get(locale, self.bodies["vi"])

    def digest(self, locale: str) -> str:
        """SHA-256 of the words, which proves later what was shown."""
        return sha256_hex(self.body(locale).encode())


_ALL: Final = (
    ConsentWords(
        ConsentPurpose.TAKE_PART,
        1,
        {
            "vi": "Tôi đồng ý để ban tổ chức dùng họ tên, ngày sinh, đơn vị, số điện thoại hoặc "
            "thư điện tử của tôi để lập tài khoản, cho tôi dự thi, chấm bài và xét giải.",
            "en": "I agree that the organisers use my name, birth date, unit, phone number or "
            "e-mail address to keep my account, let me take part, mark my work and decide prizes.",
        },
    ),
    ConsentWords(
        ConsentPurpose.PUBLISH_NAME,
        1,
        {
            "vi": "Tôi đồng ý công bố họ tên và đơn vị của tôi cùng với kết quả thi. Nếu không, "
            "kết quả chỉ ghi chữ cái đầu của tên.",
            "en": "I agree that my name and unit are published with the results. Otherwise the "
            "results show initials only.",
        },
    ),
    ConsentWords(
        ConsentPurpose.PUBLISH_PHOTO,
        1,
        {
            "vi": "Tôi đồng ý công bố ảnh của tôi cùng với kết quả thi.",
            "en": "I agree that my photograph is published with the results.",
        },
    ),
    ConsentWords(
        ConsentPurpose.PUBLISH_ESSAY,
        1,
        {
            "vi": "Tôi đồng ý đăng toàn văn bài viết của tôi, kèm ảnh trong bài, trên trang của "
            "cuộc thi nếu bài đoạt giải. Bài viết chung chỉ được đăng khi mọi tác giả đều đồng ý.",
            "en": "I agree that the whole text of my essay, with its pictures, is published on "
            "the pages of the contest if it wins a prize. An essay written together is published "
            "only when every author agrees.",
        },
    ),
    ConsentWords(
        ConsentPurpose.REUSE,
        1,
        {
            "vi": "Tôi đồng ý để ban tổ chức dùng lại bài dự thi của tôi trong tài liệu tuyên "
            "truyền, có ghi tên tác giả.",
            "en": "I agree that the organisers reuse my work in their publications, naming me as "
            "the author.",
        },
    ),
    ConsentWords(
        ConsentPurpose.CONTACT,
        1,
        {
            "vi": "Tôi đồng ý nhận tin về các cuộc thi sau này.",
            "en": "I agree to receive news of later contests.",
        },
    ),
)


def current_words(purpose: ConsentPurpose) -> ConsentWords:
    """The newest words for a purpose: what a form shows and `record_consent` keeps."""
    return max(
        (words for words in _ALL if words.purpose is purpose), key=lambda words: words.version
    )
