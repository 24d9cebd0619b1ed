"""What the results room refuses, each by name, with the words for the person."""

from contest.core.errors import InvalidInput, NotFound, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class RoundStillOpen(RuleBroken):
    """Ranking before the close."""

    message = _l("This round has not closed yet. It can be ranked once it has.")


class PracticeNotRanked(RuleBroken):
    """A practice round has no places."""

    message = _l("A practice round is not ranked.")


class NoRankKeys(RuleBroken):
    """Nothing says how to rank."""

    message = _l("Choose first what this round is ranked by.")


class NotRankedYet(RuleBroken):
    """Prizes or publication without a ranking."""

    message = _l("This round has not been ranked yet.")


class RankingMoved(RuleBroken):
    """What was looked at is no longer the latest."""

    message = _l("Somebody has made a new ranking meanwhile. Please look at it before you decide.")


class PrizesMissing(RuleBroken):
    """Deciding without levels."""

    message = _l("Say first which prizes this round gives.")


class PrizesFixed(RuleBroken):
    """Levels of a decided round."""

    message = _l("The prizes of this round have been decided, so their levels stay as they are.")


class PrizeLevelsWrong(InvalidInput):
    """Levels that cannot be used."""

    message = _l("Give each prize a number of one or more and an amount of zero or more.")


class TieUndecided(RuleBroken):
    """A tie at the line of a level waits for a person."""

    message = _l("Several people are equal at the line of a prize. Decide first who gets it.")


class TieReasonMissing(InvalidInput):
    """A person chose among equals and did not say why."""

    message = _l("Write how it was decided between equals, for example by drawing lots.")


class DecisionMoved(RuleBroken):
    """What was previewed is not what would be decided now."""

    message = _l("The outcome has changed since you looked at it. Please look again.")


class NotDecidedYet(RuleBroken):
    """Publication without decided prizes."""

    message = _l("The prizes of this round have not been decided yet.")


class DecisionOutdated(RuleBroken):
    """The prizes were decided over an older ranking."""

    message = _l("There is a newer ranking than the one the prizes were decided on. Decide again.")


class PublishedMeanwhile(RuleBroken):
    """Somebody else has published the same round."""

    message = _l("Somebody has published this round meanwhile. Please look at what is public now.")


class ScheduleTimeWrong(InvalidInput):
    """An instant that is past, or too far ahead."""

    message = _l("Choose a time after now, at most a year ahead.")


class ScheduledMeanwhile(RuleBroken):
    """Two organisers schedule at the same moment."""

    message = _l("Somebody has scheduled or published this meanwhile. Please look at it.")


class ScheduleGone(RuleBroken):
    """Cancelling what waits no more."""

    message = _l("This publication is not waiting any more. Please look at what became of it.")


class PublishingFailed(RuleBroken):
    """The server failed at a scheduled publication, to the last try."""

    message = _l("The server failed while it published; nothing appeared. Tell the administrators.")


class SchedulerGone(RuleBroken):
    """Who scheduled has lost the right since."""

    message = _l("Who scheduled this publication may not publish results here any more.")


class PreviewOutdated(RuleBroken):
    """The page would not be what was previewed."""

    message = _l("The page has changed since your preview. Please look at it again.")


class DecisionDateWrong(InvalidInput):
    """A decision dated before the close or in the future."""

    message = _l("The date of the decision must lie between the close of the round and today.")


class NothingSealed(RuleBroken):
    """Opening codes where there are none."""

    message = _l("This round has no codes to open.")


class AlreadyUnsealed(RuleBroken):
    """The codes of a round are opened once."""

    message = _l("The codes of this round have been opened already.")


class MarkingOpen(RuleBroken):
    """Opening codes while somebody still marks; made with the words that say which."""

    message = _l("Marking is still open. Lock the marks first.")


class JudgeOpensNothing(RuleBroken):
    """A judge of the round would open the codes."""

    message = _l("Who judges this round does not open its codes. Another organiser has to do it.")


class StillSealed(RuleBroken):
    """Publication or names before the codes are open."""

    message = _l("The codes of this round are not open yet. Open them before you publish.")


class EmptyReasonMissing(InvalidInput):
    """Prizes left empty without a reason."""

    message = _l("Write why prizes are left empty.")


class HonoursMoved(RuleBroken):
    """The honoured persons are not those of the decision."""

    message = _l("The honoured persons have changed since the decision. Decide again.")


class HonourKnown(RuleBroken):
    """Somebody is honoured twice."""

    message = _l("This person is on the list of honoured persons already.")


class CitationMissing(InvalidInput):
    """A person is honoured without a reason."""

    message = _l("Write why this person is honoured.")


class TotalsNotReady(RuleBroken):
    """Totals over rounds that are not decided, or whose codes are closed."""

    message = _l("Totals need every round with a weight to be decided, with its codes open.")


class WeightsWrong(InvalidInput):
    """Weights that add up to nothing."""

    message = _l("Give at least one round a weight above zero.")


class TotalsMoved(RuleBroken):
    """A round was ranked again since the totals were made."""

    message = _l("A round or a weight has changed since these totals were made. Make them again.")


class RoundsNotPublished(RuleBroken):
    """Totals would tell marks of a round that is not public."""

    message = _l("Publish the results of every round first, then the totals.")


class NoOwnResult(NotFound):
    """Somebody asks for their place in a round in which they have none."""

    message = _l(
        "You have no result in this round: nothing of yours was handed in and ranked here."
    )


class NoOwnTotal(NotFound):
    """Somebody asks for their place in totals that do not hold them."""

    message = _l("You are not in this total: nothing of yours was ranked in its rounds.")


class NothingPublished(RuleBroken):
    """A dossier of a contest without published results."""

    message = _l("There is no dossier yet: no result of this contest is published.")


class DossierDisagrees(RuleBroken):
    """The marks of today no longer give what was published."""


class NotSignedYet(RuleBroken):
    """Something final is asked for before everybody has signed."""

    message = _l("The decision is not signed by everybody who must sign it.")


class ListChanged(RuleBroken):
    """A signature on another list than the one in force."""

    message = _l("The list has changed since you looked at it. Read it again, then sign.")


class NotYourTurn(RuleBroken):
    """The chair signs last, the secretary first."""

    message = _l("Somebody else signs before you. You get a letter when it is your turn.")


class RoleLost(RuleBroken):
    """Who was named to sign holds no role in the contest any more."""

    message = _l(
        "You were named to sign, but hold no role in this contest any more. The organiser can name "
        "somebody else."
    )


class AlreadySigned(RuleBroken):
    """A second signature of the same role."""

    message = _l("This decision is signed in this role already.")


class SecondFactorNeeded(RuleBroken):
    """Signing without having signed in by two steps."""

    message = _l("Sign in with the second step first: a signature needs it.")


class SignatoriesWrong(InvalidInput):
    """One person in two roles, or roles without a chair."""

    message = _l("Choose different people, and a chair among them.")


class SignedAlready(RuleBroken):
    """Other signatories while signatures stand."""

    message = _l("Somebody has signed. Who must sign changes with the next decision only.")


class NobodyAsked(RuleBroken):
    """Opening the codes takes a request first."""

    message = _l("An organiser has to ask for the codes to be opened first, with the reason.")


class SecondPersonNeeded(RuleBroken):
    """Who asks for the codes does not open them alone."""

    message = _l(
        "You asked for the codes yourself: another organiser or the secretary has to agree."
    )


class NoAppealsHere(RuleBroken):
    """An appeal in a round without a window for it."""

    message = _l("This round takes no requests for re-marking.")


class AppealTooEarly(RuleBroken):
    """An appeal before its window."""


class AppealTooLate(RuleBroken):
    """An appeal after its window."""


class AlreadyAppealed(RuleBroken):
    """A second appeal for the same entry."""

    message = _l("You have asked for re-marking of this result already.")


class RemarkersWrong(InvalidInput):
    """Re-markers who are the same, had a part in the mark, or have a conflict with the work."""

    message = _l(
        "Choose different judges who had no part in this mark and no conflict with the essay."
    )


class NotToRemark(RuleBroken):
    """A mark where none is asked for any more."""

    message = _l("This work waits for no mark of yours.")


class RemarkOutOfScale(InvalidInput):
    """A mark that the scale does not have."""

    message = _l("The mark must lie on the scale of the round.")


class RemarksMissing(RuleBroken):
    """An appeal is decided before its marks are there."""

    message = _l("The new marks are not complete: two that agree, or three.")


class AppealDecided(RuleBroken):
    """An appeal that has its answer."""

    message = _l("This request has been answered already.")


class UnitTermsWrong(InvalidInput):
    """Units ranked by nothing, by a key twice, or at a level that there cannot be."""

    message = _l("Choose at least one key, none of them twice, and a level from 1 on.")


class NobodyChosen(InvalidInput):
    """A supposition about nobody."""

    message = _l("None of these codes belongs to an entry of this round that is still ranked.")


class SameResults(InvalidInput):
    """A supposition of the marks or results that are there already."""

    message = _l("These are the results that they have already.")


class WhatIfSealed(RuleBroken):
    """Leaving somebody out under closed codes."""

    message = _l("While the codes are closed this would tell whose essay stands where.")


class MeasureNotHere(InvalidInput):
    """A prize beside the levels that this round cannot give."""

    message = _l(
        "This prize cannot be given here. Essays are decided under codes, so that ages and marks of"
        " units would tell who wrote which; and only a quiz knows the earliest perfect score."
    )


class ExtraPrizeWrong(InvalidInput):
    """A prize beside the levels without a name, or with numbers that cannot be."""

    message = _l("Give the prize a name of at most 120 characters, and at least one of it.")


class PickedTooMany(InvalidInput):
    """More people than prizes, or somebody twice."""

    message = _l("More people are chosen than there are prizes, or somebody is chosen twice.")


class PickReasonMissing(InvalidInput):
    """A choice of the council without words."""

    message = _l("Write why the council chose them.")


class PickNotEntered(InvalidInput):
    """A choice of somebody who is not ranked, or who takes no prize."""

    message = _l(
        "A code among the chosen belongs to nobody who is ranked here and may take a prize."
    )
