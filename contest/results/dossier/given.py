"""What a dossier cannot compute again and therefore takes as given, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contest.results.dossier.reading import Row

MEASURED_ELSEWHERE = {
    "youngest": "days of birth, by which “{level}” was given",
    "oldest": "days of birth, by which “{level}” was given",
    "earliest_perfect": "instants, by which “{level}” was given",
    "by_hand": "the council's choice for “{level}”",
}


def given_in(rules: dict[str, Any], tables: dict[str, list[Row]]) -> list[str]:
    """Sentences about what nothing in the dossier can prove, in the order of the rounds."""
    found = ["titles, decisions, quotas, money and the other terms in rules.json"]
    for each in rules["rounds"]:
        rows = [row for row in tables["ranking.csv"] if row["round"] == str(each["number"])]
        if each["annulled"]:
            found.append(f"round {each['number']}: it was annulled after its publication")
        found += [f"round {each['number']}: {words}" for words in given_of_round(each, rows)]
    if rules["least_persons_of_a_unit"] is None:
        found.append("names and codes behind the pseudonyms (entries.csv, judges.csv)")
    if rules["totals"]:
        found += [f"totals: {words}" for words in given_of_prizes(rules["totals"])]
        found.append("totals: who is the same person in several rounds (totals.csv)")
    return found


def given_of_round(each: dict[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    """What is taken as given of a round: of its marks or attempts, and of its prizes."""
    if each["kind"] == "quiz":
        keys = ", ".join(each["keys"])
        yield f"points of attempts, and the keys of the one that counts ({keys})"
        if each["rounded"]:
            yield "points beyond two decimals (column exact of ranking.csv)"
    else:
        yield "the judges' marks"
        if each["decided"]:
            yield f"{len(each['decided'])} marks that people settled (“decided” in rules.json)"
        if each["quorums"]:
            yield f"{len(each['quorums'])} works that fewer judges marked (“quorums”)"
        if each["lots"]:
            yield "the lots that were drawn (“lots”)"
    out = sum(row["status"] != "ranked" for row in rows)
    if out:
        yield f"{out} entries that are disqualified or take no prize (column status)"
    if len(each["divisions"]) > 1:
        yield "the division of each entry: days of birth are not told"
    yield from given_of_prizes(each)


def given_of_prizes(each: dict[str, Any]) -> Iterator[str]:
    """What people decided about prizes, and what was measured by something that is not told."""
    for why in sorted({one["why"] for one in each["passed_over"]}):
        count = sum(one["why"] == why for one in each["passed_over"])
        yield f"{count} passed over ({why}, “passed_over”)"
    if each["ties"]:
        yield "ties that the council settled (“ties”)"
    if each["withheld"]:
        yield "prizes left empty, or carried from or to another round (“withheld”)"
    for extra in each["extras"]:
        yield from given_of_extra(extra, has_heads=bool(each["standings"]))
    terms = each["standings"]
    if terms and terms["headcounts"]:
        yield "head-counts of units"
    if terms and terms["merged"]:
        yield f"where {terms['merged']} small units that are told together stand (merged_above)"


def given_of_extra(extra: dict[str, Any], *, has_heads: bool) -> Iterator[str]:
    """What is taken as given of a prize beside the levels."""
    words = MEASURED_ELSEWHERE.get(extra["measure"])
    if words and extra["given"]:
        yield words.format(level=extra["level"])
    if extra["units"] and extra["fewest"] and not has_heads:
        yield f"head-counts, by which units are too small for “{extra['level']}”"
    if extra["chosen"] is not None:
        yield f"who of equals was chosen for “{extra['level']}”"
    if extra["empty"]:
        yield f"{extra['empty']} of “{extra['level']}” left empty"
