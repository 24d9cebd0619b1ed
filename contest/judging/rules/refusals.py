"""What the judging room refuses, each by name, with the words for the person."""

from contest.core.errors import Forbidden, InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class RubricFrozen(RuleBroken):
    """Somebody has marked by this rubric."""

    message = _l("Judges have marked by this rubric, so it can no longer be changed.")


class WrongRubric(InvalidInput):
    """The rubric cannot be used."""

    message = _l("The rubric needs at least one criterion with a name and points.")


class NotEssays(RuleBroken):
    """The round is not one that judges mark."""

    message = _l("This round is not marked by judges.")


class AlreadyInvited(RuleBroken):
    """The person is on the jury already."""

    message = _l("This person is on the jury already.")


class AlreadyAnswered(RuleBroken):
    """The invitation was answered before."""

    message = _l("This invitation has been answered already.")


class ConflictEmpty(InvalidInput):
    """A declared conflict names nothing."""

    message = _l("Choose a unit or write a person's name.")


class NotClosedYet(RuleBroken):
    """Essays still come in."""

    message = _l("Works are assigned after the round has closed.")


class NoWorks(RuleBroken):
    """Nothing passed the screening."""

    message = _l("No work has passed the screening yet.")


class NoRubric(RuleBroken):
    """There is nothing to mark by."""

    message = _l("Write the rubric first: judges mark by it.")


class NoJury(RuleBroken):
    """Nobody has accepted."""

    message = _l("No judge has accepted yet.")


class NothingToAssign(RuleBroken):
    """Every work has its judges."""

    message = _l("Every work has its judges; there is nothing to assign.")


class PreviewStale(RuleBroken):
    """Works, judges or conflicts changed between the preview and the taking."""

    message = _l(
        "Something has changed since this preview: a work, a judge or a conflict. "
        "Please look at a new one."
    )


class CannotAssign(RuleBroken):
    """Some work cannot get its marks; the message is replaced by the cause."""

    message = _l("Not every work can get its marks.")


class MarkingClosed(RuleBroken):
    """The organiser has closed the marking."""

    message = _l("The marking of this round has been closed. What you had saved is kept.")


class MarkingNotOpen(RuleBroken):
    """The round is not being marked."""

    message = _l("This round is not being marked now.")


class RoleLost(Forbidden):
    """The judge no longer holds the role."""

    message = _l(
        "You are no longer a judge of this contest, so nothing was saved now. "
        "Everything you had saved before is kept."
    )


class LeftJury(Forbidden):
    """The judge left the jury, or was taken off it."""

    message = _l(
        "You are no longer on this jury, so nothing was saved now. "
        "Everything you had saved before is kept."
    )


class StaleSheet(RuleBroken):
    """Another tab or device saved this sheet in the meantime."""

    message = _l(
        "This sheet was saved in another tab or on another device after you opened it here. "
        "Nothing was overwritten: load the page again and look at the marks."
    )


class SheetSettled(RuleBroken):
    """The work has its mark: sheets stay as they are."""

    message = _l("This work has been settled, so its marks can no longer be changed.")


class SheetGone(RuleBroken):
    """The sheet was given up or moved to another judge."""

    message = _l("This work is no longer yours to mark.")


class WrongMark(InvalidInput):
    """A mark is outside its criterion or between its steps."""

    message = _l("A mark must be between 0 and the most of its criterion, in its steps.")


class MarksMissing(InvalidInput):
    """A sheet is finished only with a mark for each criterion."""

    message = _l("Give each criterion a mark first; 0 is a mark too.")


class ReasonNeeded(InvalidInput):
    """A decision needs its reason."""

    message = _l("Please write the reason in a few words.")


class MarksOpen(RuleBroken):
    """Works are still without their mark."""

    message = _l("The marking cannot be closed yet: some works are still without their mark.")


class MarkingStillOpen(RuleBroken):
    """Ranking is asked for before the marks are locked."""

    message = _l("Close the marking first: the ranking is made from locked marks.")


class NotToDecide(RuleBroken):
    """The work does not wait for a decision."""

    message = _l("This work does not wait for a decision any more.")


class NoteOutside(InvalidInput):
    """A note must stand on a passage of the text."""

    message = _l("A note needs a passage and words: choose the passage, then write.")


class NothingToMove(RuleBroken):
    """None of the chosen sheets can go to that judge."""

    message = _l(
        "None of these works can go to this judge: they are marked already, or there is a "
        "conflict, or the judge takes no more."
    )


class QuorumNotLower(InvalidInput):
    """The number is no lower than what the work needs now, or below what is marked already."""

    message = _l(
        "Choose fewer marks than the work needs now, and no fewer than are finished already."
    )


class TwoMarksNeeded(InvalidInput):
    """The way in which marks become one works with two marks for each work only."""

    message = _l("This way needs two marks for each work; the third follows where they differ.")


class ThreeMarksNeeded(InvalidInput):
    """Of two marks both lie equally far from their mean."""

    message = _l("Leaving out marks far from the others needs three marks or more a work.")


class FiveMarksNeeded(InvalidInput):
    """Fewer marks than five leave nothing to speak of between the highest and the lowest."""

    message = _l("Leaving out the highest and the lowest mark needs five marks or more a work.")


class RulesFrozen(RuleBroken):
    """The way in which marks become one was printed in the rules when the round opened."""

    message = _l(
        "How marks become one has been part of the rules since the round opened; it can no "
        "longer be changed."
    )


class ChiefConflict(Forbidden):
    """The chief judge has a conflict with the work that waits for a decision."""

    message = _l("You have a conflict with this work: the secretary records its mark.")


class ListTaken(RuleBroken):
    """An imported list of judges was dealt with already."""

    message = _l("This list has been dealt with already.")


class NobodyToInvite(RuleBroken):
    """No row of the list can be used."""

    message = _l("No row of this list can be used.")


class ChecksOpen(RuleBroken):
    """Works that are to be marked once more are not done."""

    message = _l(
        "The marking cannot be closed yet: check-marking is not finished. Draw the works to be "
        "checked, have them marked, and decide where a check lies too far from the mark."
    )


class SomebodyIsFree(RuleBroken):
    """A judge of the jury may mark the work once more."""

    message = _l("A judge of the jury is free for this work: assign it instead.")


class NotAllMarked(RuleBroken):
    """Works are still without their mark."""

    message = _l("Every work needs its mark first.")


class NothingToCheck(RuleBroken):
    """The rules of the round ask for no check-marking."""

    message = _l("The rules of this round ask for no check-marking.")


class ChecksDrawn(RuleBroken):
    """The works to be checked were drawn before."""

    message = _l("The works to be checked have been drawn already.")


class FinalStageKnown(RuleBroken):
    """A final marking was planned before."""

    message = _l("A final marking of this round has been planned already.")


class NoFinalStage(RuleBroken):
    """There is one stage only."""

    message = _l("No final marking is planned for this round.")


class AlreadyAdvanced(RuleBroken):
    """The shortlist was sent on."""

    message = _l("The shortlist has been sent to its final marking already.")


class BandDue(RuleBroken):
    """The works near the cut of the shortlist lack one mark."""

    message = _l(
        "The marking cannot be closed yet: works near the cut of the shortlist get one more mark "
        "first."
    )


class CalibrationMarked(RuleBroken):
    """A judge marks a calibration essay once."""

    message = _l("You have marked this calibration essay already.")


class NoRemarks(RuleBroken):
    """The rules of the round pass no remarks on."""

    message = _l("The rules of this round pass no remarks on to the authors.")
