"""What is refused about essays, in words for the person."""

from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class NotAnEssayRound(RuleBroken):
    """The round takes no essays, or its settings were never saved."""

    message = _l("This round takes no essays.")


class RoundNotOpen(RuleBroken):
    """Nothing can be written yet."""

    message = _l("This round has not opened yet.")


class TooLate(RuleBroken):
    """The deadline and its grace have passed."""

    message = _l("The deadline has passed. Your draft is kept, but it can no longer be handed in.")


class NotRegistered(RuleBroken):
    """Who writes must be registered and have agreed to take part."""

    message = _l("Please register and agree to take part first.")


class EnoughEssays(RuleBroken):
    """As many essays as the rules allow are there already."""

    message = _l("You have as many essays in this round as the rules allow.")


class EditedElsewhere(RuleBroken):
    """Another tab or person saved in between."""

    message = _l(
        "This essay was saved in another tab or by another person in the meantime. "
        "Nothing was overwritten: compare both texts and decide."
    )


class TextTooLong(InvalidInput):
    """More than any essay holds."""

    message = _l("This text is far longer than an essay. Nothing of it was saved.")


class NotComplete(InvalidInput):
    """Something that the rules ask for is missing."""

    message = _l("Something is still missing; please look at the list.")


class PledgeMissing(InvalidInput):
    """Without the pledge nothing is handed in."""

    message = _l("Please confirm the pledge: without it the essay cannot be handed in.")


class HandedInAlready(RuleBroken):
    """The same text by the same author stands in the round already."""

    message = _l(
        "You have handed in this same text already, as another work of this round. Write another "
        "one here, or withdraw that one first. Your draft is kept."
    )


class NothingHandedIn(RuleBroken):
    """There is nothing to withdraw or to screen."""

    message = _l("This essay has not been handed in.")


class TooManyPictures(RuleBroken):
    """The limit of pictures is reached."""

    message = _l("This essay already has as many pictures as the rules allow.")


class ConfirmationOver(RuleBroken):
    """Nobody asks for it, its day is over, or marking has begun."""

    message = _l("The time for units to confirm works of this round is over.")


class LetterTakenBack(RuleBroken):
    """It was taken back already."""

    message = _l("This letter was taken back already.")


class OwnWork(RuleBroken):
    """Nobody confirms their own work."""

    message = _l("This is a work of your own. Somebody else of your unit has to confirm it.")


class SignatureMissing(InvalidInput):
    """A letter is signed."""

    message = _l("Write your full name and office: it stands beside what your unit says.")


class LateCodeWrong(InvalidInput):
    """No such code, or it is for somebody else."""

    message = _l("This code opens nothing for you. Look at it again, or ask the organisers.")


class LateCodeOver(RuleBroken):
    """Used, taken back, or no longer valid."""

    message = _l("This code was used already, was taken back, or is no longer valid.")


class DoorNotNeeded(RuleBroken):
    """The round still takes works from everybody."""

    message = _l("No code is needed yet: the round still takes works.")


class PostmarkInFuture(InvalidInput):
    """A day that has not come yet."""

    message = _l("This day has not come yet. Write the day of the postmark.")


class PostmarkLate(InvalidInput):
    """After the deadline, and nobody said why it is let in."""

    message = _l(
        "The postmark is after the deadline. It can be let in only with the reason of the "
        "organisers, which stays on record."
    )


class NobodyKnown(InvalidInput):
    """No person has this code, number or address."""

    message = _l("Nobody is known by this. Look at it again, or enter a new author below.")


class EnteredFromPaper(RuleBroken):
    """The secretary keeps what came on paper."""

    message = _l("This work came on paper. Ask the secretary where something has to be mended.")


class UnknownField(RuleBroken):
    """The form has no such field."""

    message = _l("The form has no such field.")


class FormInUse(RuleBroken):
    """People write by a form, so that it takes nothing from them any more."""

    message = _l(
        "People already write by this form. You may still change names, explanations and the "
        "order, widen limits, add choices, and add fields that may be left empty. What is asked "
        "for, and what judges are shown, stays as it was announced."
    )


class NotToHide(RuleBroken):
    """Judges see no such field, or it is what they mark."""

    message = _l("This field cannot be hidden from judges.")


class HidingUnexplained(InvalidInput):
    """That judges no longer see a field is a decision."""

    message = _l("Please say why judges no longer see it.")


class FormClosed(RuleBroken):
    """After the close nobody could fill in what is new."""

    message = _l("This round has closed, so its form stays as it is.")


class TooManyFields(RuleBroken):
    """No form is as long."""

    message = _l("A form holds forty fields at the most.")


class FieldNeeded(RuleBroken):
    """Every work has a title and a text."""

    message = _l("Title and text belong to every form; they can be named differently.")


class TooManyFiles(RuleBroken):
    """The limit of a field is reached."""

    message = _l("This field already has as many files as the rules allow.")


class FileTooLarge(RuleBroken):
    """Larger than the field allows."""

    message = _l("This file is larger than the rules of this field allow.")


class NoDocuments(RuleBroken):
    """The rules take no documents."""

    message = _l("The rules of this round take no documents. Please write in the editor.")


class CoauthorsNotAllowed(RuleBroken):
    """The rules know single authors only."""

    message = _l("The rules of this round allow one author only.")


class UnknownCoauthor(InvalidInput):
    """A registration code that nobody has in this contest."""

    message = _l("Nobody is registered in this contest under this code.")


class ReasonsMissing(InvalidInput):
    """A return or refusal says why."""

    message = _l("Please say why, so that the author knows what to do.")


class ScreeningOver(RuleBroken):
    """Marking has begun."""

    message = _l("Marking has begun, so the screening can no longer be changed.")


class ComparedAnew(RuleBroken):
    """A verdict was about texts that are no longer the ones compared."""

    message = _l(
        "These two essays were compared anew in the meantime, and one of them says something else "
        "now. Read both once more: your verdict was not kept."
    )


class StillScreening(RuleBroken):
    """Codes are made when every work has been screened."""

    message = _l("Some essays are still waiting for the screening.")


class CodesBeingMade(RuleBroken):
    """Many blind codes are missing; a job makes them."""

    message = _l(
        "The blind codes are still being made. Wait a moment, then take the proposal; if it lasts, "
        "draw another one."
    )


class RoundFrozen(RuleBroken):
    """Limits that people relied on stay."""

    message = _l("This round has opened; its limits can only be made wider.")


class OnlyFirstAuthor(RuleBroken):
    """Co-authors write; the first author hands in."""

    message = _l("Only the first author can hand in or withdraw this essay.")


class SealBroken(RuleBroken):
    """Codes are fixed once somebody marks by them."""

    message = _l("The blind codes can no longer be changed.")


class SubjectMoved(RuleBroken):
    """A record of a person written about was merged or erased meanwhile."""

    message = _l(
        "This record was put together with another one or hidden meanwhile. Open the list again; "
        "a later decision has to be taken back first."
    )


class TwoAccounts(RuleBroken):
    """Two records belong to the accounts of two people."""

    message = _l("These two are linked to the accounts of two different people.")


class CannotMerge(RuleBroken):
    """Something that another room keeps stands in the way; it says what."""


class NothingToSplit(InvalidInput):
    """No essay was chosen, or all of them."""

    message = _l("Choose the essays about the other person; at least one stays here.")


class AlreadyUndone(RuleBroken):
    """Somebody took the decision back before."""

    message = _l("This was taken back already.")


class ConsentInTheFuture(InvalidInput):
    """The day of a consent is yet to come."""

    message = _l("This day is still to come.")
