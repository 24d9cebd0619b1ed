"""A dossier has long fields beside its text: only the text is measured by the limit of the text."""

import pytest

from contest.core.transactions import unit_of_work
from contest.submissions import actions
from contest.submissions.models import FieldSort
from contest.submissions.rules.entry_forms import Field

GOAL = Field("", FieldSort.LONG_TEXT, "Mục tiêu", most=300)


@pytest.fixture
def dossier(live):
    """Minh's: twenty words of text and forty of another field, where the text may have thirty."""
    with live.app.app_context():
        lan = live.actor(live.cast.lan)
        with unit_of_work():
            form = actions.add_field(contest_round=live.round, field=GOAL, actor=lan, now=live.now)
        live.configure(max_words=30)
        key = form.further[0].key
        public_id = live.begin(live.cast.minh)
        draft = live.draft(" ".join(["chữ"] * 20), answers={key: " ".join(["lời"] * 40)})
        live.save(live.cast.minh, public_id, draft)
        return public_id


def test_the_preview_measures_the_text_as_the_editor_does(live, signed_in, dossier):
    page = signed_in(live.cast.minh).page(f"/essays/{dossier}/preview")
    assert page.words("//h:p[@class='count-line']") == ["20 trên tối đa 30 chữ"]


def test_the_queue_does_not_call_a_whole_dossier_too_long(live, signed_in, dossier):
    with live.app.app_context():
        live.submit(live.cast.minh, dossier)
    queue = f"/organise/contests/{live.slug}/rounds/1/screening"
    lan = signed_in(live.cast.lan)
    assert lan.page(queue).words("//h:tbody//h:td[3]") == ["60"]
    with live.app.app_context():
        live.configure(max_words=19)
    assert lan.page(queue).words("//h:tbody//h:td[3]") == ["60 quá dài"]
