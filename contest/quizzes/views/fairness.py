"""Organisers: signs of unfair work, for people to look at; nothing follows from one by itself."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.actions import disqualify
from contest.contests.models import Entry, Round
from contest.contests.queries import disqualified
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.vietnamese import fold
from contest.quizzes.actions.fairness import ask_for_signs
from contest.quizzes.actions.fairness_notes import record_look, write_note
from contest.quizzes.actions.verification import invite_to_verification, record_verification
from contest.quizzes.fairness_words import OUTCOMES, SIGNS, finding_words
from contest.quizzes.forms.fairness import (
    EvidenceForm,
    NoteForm,
    OutcomeForm,
    VerificationForm,
)
from contest.quizzes.models import FairnessSign, VerificationOutcome
from contest.quizzes.queries import count_all_right, quiz_of
from contest.quizzes.queries import fairness as queries
from contest.quizzes.rules.counting import EVERYBODY
from contest.quizzes.views.room import UNPROCESSABLE, blueprint, managed_round, on_to

_AT = "/organise/contests/<slug>/rounds/<int:number>/fairness"


def _wanted() -> queries.SuspectFilter:
    sign = next((each for each in FairnessSign if each == request.args.get("sign")), None)
    return queries.SuspectFilter(
        text=fold(request.args.get("q", "").strip()),
        sign=sign,
        with_hints="hints" in request.args,
    )


@blueprint.get(_AT)
@requires(Permission.MANAGE_CONTEST)
def fairness(slug: str, number: int) -> ResponseReturnValue:
    """What was found in the round, in figures, and the people it is about; looking is recorded."""
    contest_round = managed_round(slug, number)
    report, wanted = queries.fairness_report(contest_round.id), _wanted()
    page = None
    if report is not None:
        page = queries.suspects(contest_round.id, wanted, request.args.get("page", 1, type=int))
        record_look(
            contest_round=contest_round, entry=None, actor=current_actor(), now=request_now()
        )
    return render_template(
        "quizzes/fairness.html",
        contest=contest_round.contest,
        round=contest_round,
        report=report,
        page=page,
        wanted=wanted,
        signs=SIGNS,
        may=contest_round.stage not in ("planned", "open"),
    )


@blueprint.post(_AT)
@requires(Permission.MANAGE_CONTEST)
def search_fairness(slug: str, number: int) -> ResponseReturnValue:
    """Look for signs; of a large round by a job."""
    contest_round = managed_round(slug, number)
    here = url_for("quizzes.fairness", slug=slug, number=number)
    job = ask_for_signs(
        contest_round=contest_round,
        title=_("Signs in %(round)s", round=contest_round.title),
        address=here,
        actor=current_actor(),
        now=request_now(),
    )
    return on_to(job, here, _("The round has been searched."))


def _entry(slug: str, number: int, entry_id: str) -> tuple[Round, Entry]:
    contest_round = managed_round(slug, number)
    entry = queries.entry_in_round(contest_round, entry_id)
    if entry is None:
        raise NotFound
    return contest_round, entry


def _person_page(contest_round: Round, entry: Entry, **forms: Any) -> ResponseReturnValue:
    found = [
        (line, finding_words(line.sign, line.figures))
        for line in queries.findings_of(contest_round.id, entry.id)
    ]
    wrong = any(form.errors for form in forms.values())
    page = render_template(
        "quizzes/fairness_person.html",
        contest=contest_round.contest,
        round=contest_round,
        entry=entry,
        registration=entry.registration,
        found=found,
        signs=SIGNS,
        notes=queries.notes_of(contest_round.id, entry.id),
        attempts=queries.finished_of_entry(contest_round.id, entry.id),
        is_out=entry.id in disqualified(contest_round),
        verification=queries.verification_of(contest_round.id, entry.id),
        outcomes=OUTCOMES,
        **{
            "note_form": NoteForm(),
            "invitation_form": VerificationForm(),
            "outcome_form": OutcomeForm(),
            **forms,
        },
    )
    return page, UNPROCESSABLE if wrong else 200


@blueprint.get(f"{_AT}/<entry_id>")
@requires(Permission.MANAGE_CONTEST)
def fairness_person(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    """The signs about one person, what they can mean, notes; looking is recorded."""
    contest_round, entry = _entry(slug, number, entry_id)
    record_look(contest_round=contest_round, entry=entry, actor=current_actor(), now=request_now())
    return _person_page(contest_round, entry)


@blueprint.post(f"{_AT}/<entry_id>/notes")
@requires(Permission.MANAGE_CONTEST)
def fairness_note(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    """Keep a note about somebody's signs."""
    contest_round, entry = _entry(slug, number, entry_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return _person_page(contest_round, entry, note_form=form)
    write_note(
        contest_round=contest_round,
        entry=entry,
        body=form.body.data or "",
        settles=form.settles.data,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The note is kept."), "success")
    return _back(slug, number, entry_id)


def _back(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    return redirect(url_for("quizzes.fairness_person", slug=slug, number=number, entry_id=entry_id))


@blueprint.route(f"{_AT}/<entry_id>/disqualify", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def fairness_disqualify(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    """What not ranking somebody would change, then the decision with its evidence."""
    contest_round, entry = _entry(slug, number, entry_id)
    lines = queries.findings_of(contest_round.id, entry.id)
    words = {line.public_id: finding_words(line.sign, line.figures) for line in lines}
    form = EvidenceForm()
    form.evidence.choices = [
        (line.public_id, f"{SIGNS[line.sign].label}: {words[line.public_id]}") for line in lines
    ]
    if form.validate_on_submit():
        chosen = set(form.evidence.data or ())
        evidence = [
            {"sign": line.sign.value, "words": words[line.public_id]}
            for line in lines
            if line.public_id in chosen
        ]
        try:
            disqualify(
                entry=entry,
                round=contest_round,
                reason=form.reason.data or "",
                actor=current_actor(),
                now=request_now(),
                evidence=evidence,
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Decided. It takes effect in the next ranking."), "success")
            return _back(slug, number, entry_id)
    page = render_template(
        "quizzes/fairness_disqualify.html",
        contest=contest_round.contest,
        round=contest_round,
        entry=entry,
        registration=entry.registration,
        form=form,
        effect=_effect(contest_round, entry),
    )
    return page, UNPROCESSABLE if form.errors else 200


def _effect(contest_round: Round, entry: Entry) -> dict[str, Any]:
    """The N that the entry is compared with, now and without it, and its latest place."""
    quiz, out = quiz_of(contest_round.id), disqualified(contest_round)
    found: dict[str, Any] = {"rank": queries.rank_now(contest_round.id, entry.id)}
    if quiz is not None:
        division = entry.registration.division if quiz.prediction_per_division else None
        group = EVERYBODY if division is None else str(division.id)
        found["division"] = "" if division is None else division.name
        for name, without in (("n", out), ("n_after", out | {entry.id})):
            counted = count_all_right(quiz, without, per_division=division is not None)
            found[name] = counted.get(group, 0)
    return found


@blueprint.post(f"{_AT}/<entry_id>/verification")
@requires(Permission.MANAGE_CONTEST)
def invite_verification(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    """Invite somebody to answer again."""
    contest_round, entry = _entry(slug, number, entry_id)
    form = VerificationForm()
    if form.validate_on_submit() and form.held_at.data is not None:
        try:
            invite_to_verification(
                contest_round=contest_round,
                entry=entry,
                held_at=form.held_at.data,
                words=form.words.data or "",
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The invitation is recorded."), "success")
            return _back(slug, number, entry_id)
    return _person_page(contest_round, entry, invitation_form=form)


@blueprint.post(f"{_AT}/<entry_id>/verification/outcome")
@requires(Permission.MANAGE_CONTEST)
def verification_outcome(slug: str, number: int, entry_id: str) -> ResponseReturnValue:
    """Keep what a verification showed."""
    contest_round, entry = _entry(slug, number, entry_id)
    found = queries.verification_of(contest_round.id, entry.id)
    if found is None:
        raise NotFound
    form = OutcomeForm()
    if form.validate_on_submit():
        try:
            record_verification(
                found=found,
                contest_round=contest_round,
                outcome=VerificationOutcome(form.outcome.data),
                right_count=form.right_count.data,
                question_count=form.question_count.data,
                note=form.note.data or "",
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The outcome is recorded."), "success")
            return _back(slug, number, entry_id)
    return _person_page(contest_round, entry, outcome_form=form)
