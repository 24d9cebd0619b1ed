"""What waits for people in a round's marking, for two doors: organisers and the chief judge.

Both see works by their codes. The chief judge marks as well: totals of a work that may still come
to them are left out, and works with which they have a conflict are decided by the secretary.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from contest.contests.models import Round, Stage
from contest.core.access import current_actor
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.forms import BaseForm
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.paging import page_number
from contest.judging import actions, forms
from contest.judging.models import Juror, JurorState
from contest.judging.queries.free_judges import works_without_free_judge
from contest.judging.queries.judges import judges_progress, markers
from contest.judging.queries.moving import movable_lines, move_plan
from contest.judging.queries.open_works import Why, open_work, open_works
from contest.judging.queries.progress import WaitingWork, progress
from contest.judging.queries.records import has_decisions
from contest.judging.queries.rounds import judge_facts, juror_in, work_facts
from contest.judging.rules.adjudication import Step
from contest.judging.rules.conflicts import conflict_of
from contest.judging.rules.moving import MovePlan
from contest.judging.rules.pace import Pace, pace
from contest.judging.rules.refusals import ChiefConflict
from contest.judging.rules.sheets import scale_of
from contest.judging.rules.wording import resolution_sentences
from contest.judging.views.room import UNPROCESSABLE
from contest.submissions.queries.late_codes import late_blind_codes
from contest.submissions.queries.marking import is_unsealed, work_id_of_code

_SHOWN_OPEN = 20
_LOOKED_AT = 60
"""Works that lack a judge are looked at for a free one; beyond so many, the assignment tells."""


@dataclass(frozen=True, slots=True)
class Door:
    """By which way somebody came to the queue.

    Attributes:
        round: whose marking it is.
        frame: the template that the pages extend.
        address: makes the address of a page: `queue`, `decide`, `lower`, `move`, `open`.
        chief: the chief judge's own seat; None for organisers.
        may_close: whether the marks may be locked here.
    """

    round: Round
    frame: str
    address: Callable[..., str]
    chief: Juror | None = None
    may_close: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A work that waits for a decision, as this door may see it."""

    work: WaitingWork
    shows_marks: bool
    may_decide: bool


def form_page(template: str, door: Door, form: BaseForm, **shown: object) -> ResponseReturnValue:
    """A page of this door with a form in it; 422 where what was typed cannot be taken."""
    page = render_template(
        template,
        door=door,
        contest=door.round.contest,
        round=door.round,
        form=form,
        **shown,
    )
    return page, UNPROCESSABLE if form.errors else 200


def is_decided(
    form: forms.DecideForm, act: Callable[..., object], door: Door, work_id: int
) -> bool:
    """Record a mark with its minutes by this action; what is refused stands in the form."""
    if not form.validate_on_submit() or form.points.data is None:
        return False
    try:
        act(
            contest_round=door.round,
            work_id=work_id,
            points=form.points.data,
            minutes=form.minutes.data,
            by_chief=form.by_chief.data,
            present=form.names(),
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return False
    flash(_("The mark and its minutes are recorded."), "success")
    return True


def _waiting(door: Door, works: Sequence[WaitingWork]) -> list[Waiting]:
    to_decide = [each.work_id for each in works if each.step is not Step.THIRD]
    barred = conflicts_of_chief(door, to_decide)
    is_chief = door.chief is not None
    return [
        Waiting(
            each,
            shows_marks=not (is_chief and each.step is Step.THIRD),
            may_decide=each.step is not Step.THIRD and each.work_id not in barred,
        )
        for each in works
    ]


def conflicts_of_chief(door: Door, work_ids: Sequence[int]) -> set[int]:
    """Of a page of works, those that the chief judge must not decide about."""
    if door.chief is None:
        return set()
    facts = judge_facts(door.round, [door.chief])
    return {
        work.work_id
        for work in work_facts(door.round.id, work_ids)
        if not facts or conflict_of(facts[0], work) is not None
    }


def queue_page(door: Door, *, status: int = 200, refused: str = "") -> ResponseReturnValue:
    """Everything that waits: works, judges, and whether the marking can be closed."""
    stand = progress(door.round)
    judged = stand.judged
    is_marking = door.round.stage is Stage.MARKING and door.chief is None
    lacking = [each for each in stand.standing_works if each.why in {Why.SHORT, Why.THIRD}]
    first = open_works(door.round)[0].items[:_SHOWN_OPEN] if refused else ()
    now = request_now()
    paces = {
        each.juror.id: pace(
            done=each.done,
            load=each.load,
            begun_at=each.begun_at,
            due_at=None if judged is None else judged.marks_due_at,
            now=now,
        )
        for each in stand.judges
    }
    page = render_template(
        "judging/marking.html",
        door=door,
        contest=door.round.contest,
        round=door.round,
        judged=judged,
        stand=stand,
        waiting=_waiting(door, stand.waiting[:_SHOWN_OPEN]),
        paces=paces,
        slow=[each for each in stand.judges if paces[each.juror.id] in {Pace.LATE, Pace.BEHIND}],
        without_role=[
            each
            for each in stand.judges
            if not each.has_role and each.juror.state is JurorState.ACCEPTED
        ],
        sentences=[] if judged is None else resolution_sentences(judged, scale_of(judged.criteria)),
        stuck=works_without_free_judge(door.round, stand.judges, lacking[:_LOOKED_AT])
        if is_marking
        else [],
        late=late_blind_codes(door.round.id),
        refused=refused,
        has_minutes=door.chief is None and has_decisions(door.round.id),
        unsealed=is_unsealed(door.round.id),
        first_open=first,
        markers=markers(door.round.id, [each.work_id for each in first]) if refused else {},
    )
    return page, status


def open_works_page(door: Door) -> ResponseReturnValue:
    """Every work without its mark, and what it waits for."""
    wanted = request.args.get("show", "")
    page, counts = open_works(door.round, show=wanted, page=page_number(request.args.get("page")))
    barred = conflicts_of_chief(door, [each.work_id for each in page.items])
    return render_template(
        "judging/open_works.html",
        door=door,
        contest=door.round.contest,
        round=door.round,
        page=page,
        counts=counts,
        total=sum(counts.values()),
        shown=wanted,
        markers=markers(door.round.id, [each.work_id for each in page.items]),
        may_decide={each.work_id for each in page.items} - barred,
    )


def decide_page(door: Door, code: str) -> ResponseReturnValue:
    """Record the mark that people agreed on for a work, with minutes."""
    work_id = work_id_of_code(door.round.id, code)
    stand = progress(door.round)
    found = next((each for each in stand.waiting if each.work_id == work_id), None)
    judged = stand.judged
    if work_id is None or found is None or judged is None or found.step is Step.THIRD:
        raise NotFound
    if conflicts_of_chief(door, [work_id]):
        raise ChiefConflict
    form = forms.DecideForm()
    if is_decided(form, actions.decide_work, door, work_id):
        return redirect(door.address("queue"))
    scale = scale_of(judged.criteria)
    return form_page(
        "judging/decide.html",
        door,
        form,
        waiting=found,
        scale=scale,
        by_criterion=judged.by_criterion,
    )


def lower_page(door: Door, code: str) -> ResponseReturnValue:
    """Let a work be content with fewer marks, with a reason."""
    work_id = work_id_of_code(door.round.id, code)
    found = open_work(door.round, work_id)
    if work_id is None or found is None:
        raise NotFound
    if conflicts_of_chief(door, [work_id]):
        raise ChiefConflict
    lowest = max(1, found.done)
    form = forms.QuorumForm(quorum=lowest)
    if form.validate_on_submit() and form.quorum.data is not None:
        try:
            settled = actions.lower_quorum(
                contest_round=door.round,
                work_id=work_id,
                quorum=form.quorum.data,
                reason=form.reason.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.quorum.errors = [refused.words]
        else:
            has_mark = _("This work has its mark now.")
            waits = _("Recorded: fewer marks are enough for this work.")
            flash(waits if settled is None else has_mark, "success")
            return redirect(door.address("queue"))
    who = markers(door.round.id, [work_id]).get(work_id, [])
    return form_page("judging/lower.html", door, form, work=found, markers=who, lowest=lowest)


@dataclass(frozen=True, slots=True)
class _Move:
    """What was asked for on the page of moves."""

    giver: Juror | None
    taker: Juror | None
    sheets: list[str]
    count: int


def _asked(door: Door, source: Any) -> _Move:
    typed = source.get("count", "")
    # The chief judge takes no single works: which of them a judge must not have would tell
    # about the author.
    return _Move(
        juror_in(door.round.id, source.get("from", "")),
        juror_in(door.round.id, source.get("to", "")),
        [] if door.chief is not None else source.getlist("sheet"),
        int(typed) if typed.isdecimal() and len(typed) < 6 else 0,  # noqa: PLR2004
    )


def move_page(door: Door) -> ResponseReturnValue:
    """Choose judge, other judge and works; then see what comes of it."""
    return _move_page(door, _asked(door, request.args), forms.ReasonForm())


def move_now(door: Door) -> ResponseReturnValue:
    """Move exactly what the preview showed."""
    asked = _asked(door, request.form)
    form = forms.ReasonForm()
    if asked.giver is None or asked.taker is None:
        raise NotFound
    if not form.validate_on_submit():
        return _move_page(door, asked, form)
    plan = actions.move_sheets(
        contest_round=door.round,
        giver=asked.giver,
        taker=asked.taker,
        sheets=asked.sheets,
        count=asked.count,
        digest=request.form.get("digest", ""),
        reason=form.reason.data,
        actor=current_actor(),
        now=request_now(),
    )
    words = ngettext(
        "%(num)s work was moved to %(name)s.",
        "%(num)s works were moved to %(name)s.",
        len(plan.moves),
        name=asked.taker.person.full_name,
    )
    flash(words, "success")
    return redirect(door.address("queue"))


def _move_page(door: Door, asked: _Move, form: forms.ReasonForm) -> ResponseReturnValue:
    giver, taker = asked.giver, asked.taker
    judges = judges_progress(door.round)
    plan: MovePlan | None = None
    is_two = giver is not None and taker is not None and giver.id != taker.id
    if giver is not None and taker is not None and is_two and (asked.sheets or asked.count):
        plan = move_plan(door.round, giver, taker, sheets=asked.sheets, count=asked.count)
    return form_page(
        "judging/move.html",
        door,
        form,
        judges=judges,
        asked=asked,
        is_two=is_two,
        lines=[] if giver is None or door.chief is not None else movable_lines(giver),
        todo=next((each.todo for each in judges if giver and each.juror.id == giver.id), 0),
        plan=plan,
    )
