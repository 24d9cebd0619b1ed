"""The dossier: anybody can compute the published result again, and every change is found."""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging import actions as judging
from contest.judging.models import JudgedRound
from contest.quizzes.models import Attempt, CountingRule, QuizRound
from contest.results.actions import decide_prizes, make_rank_run, publish
from contest.results.dossier import checking
from contest.results.dossier.mark_checks import resolve
from contest.results.dossier.writing import written_dossier
from contest.results.queries.prizes import prize_levels
from contest.results.rules.dossiers import merged_units, seed_form, two_decimals
from contest.results.rules.prize_terms import Withheld
from contest.results.rules.refusals import DossierDisagrees, NothingPublished
from tests.judging.test_marking import judges_of
from tests.results.dossier_folders import (
    AGREES,
    lines_of,
    read,
    renew_manifest,
    tampered,
    unpacked,
    verify,
    write,
)
from tests.results.essay_stories import essays, marked
from tests.results.stories import TAKERS, Taker, add_attempt, closed_round

pytestmark = pytest.mark.usefixtures("context")

ALL_KEYS = ("correct", "prediction", "working_time", "submitted_at", "attempts", "lot")


def published_quiz(now, counting=CountingRule.BEST, key_codes=ALL_KEYS):
    story = closed_round(now, key_codes=key_codes)
    quiz = db.session.get_one(QuizRound, story.round.id)
    quiz.attempts_allowed, quiz.counting = 7, counting
    worse = Taker("", 15, None, 300_000)
    add_attempt(story.round, story.entries["K'Brỏih"], story.persons["K'Brỏih"], worse, ordinal=2)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    publish(over=story.round, decision_number="", decided_on=None, actor=story.organiser, now=now)
    return story


TABLES = ("attempts.csv", "ranking.csv", "prizes.csv", "units.csv")


def test_a_quiz_can_be_computed_again_by_python_alone(now, tmp_path):
    story = published_quiz(now)
    folder = unpacked(story.contest, tmp_path)
    assert verify(folder) == AGREES
    assert verify(folder, "--ignore-digests") == AGREES
    assert sorted(path.name for path in folder.iterdir()) == [
        "attempts.csv",
        "manifest.json",
        "prizes.csv",
        "ranking.csv",
        "rules.json",
        "seed.txt",
        "units.csv",
        "verify.py",
    ]
    assert read(folder, "attempts.csv")[0] == ["entry", "attempt", "points", *ALL_KEYS]
    assert {row[2] for row in read(folder, "attempts.csv")[1:]} >= {"20.00", "15.00"}


def test_every_changed_cell_of_a_quiz_is_found(now, tmp_path):
    story = published_quiz(now)
    folder = unpacked(story.contest, tmp_path)
    missed = [where for name in TABLES for where in tampered(folder, name) if not lines_of(folder)]
    assert missed == []
    assert lines_of(folder) == []


def test_where_the_mean_counts_every_attempt_is_checked(now, tmp_path):
    """20 and 15 right of 20, in 300 s and more: 17.5 points, 17 whole ones, keys of the last."""
    keys = ("points", *ALL_KEYS[:5])
    story = published_quiz(now, CountingRule.MEAN, keys)
    folder = unpacked(story.contest, tmp_path)
    assert verify(folder) == AGREES
    ranked = next(row for row in read(folder, "ranking.csv") if row[6] == "20.00 15.00")
    assert ranked[5] == "17.50"
    attempts = [row for row in read(folder, "attempts.csv") if row[0] == ranked[3]]
    assert [row[2:5] for row in attempts] == [["20.00", "", ""], ["15.00", "-175000.00", "-17.00"]]
    missed = [where for where in tampered(folder, "attempts.csv") if not lines_of(folder)]
    assert missed == []


def test_a_changed_file_is_named_with_its_line(now, tmp_path):
    story = published_quiz(now)
    folder = unpacked(story.contest, tmp_path)
    rows = read(folder, "attempts.csv")
    rows[1][2] = "3.00"
    write(folder, "attempts.csv", rows)
    code, said = verify(folder)
    assert code == 1
    assert "attempts.csv:1: the file is not the one whose digest stands in manifest.json" in said
    renew_manifest(folder)
    code, said = verify(folder, "--ignore-digests")
    assert code == 1
    assert "ranking.csv:" in said
    assert verify(folder)[0] == 1


@pytest.mark.parametrize("name", ["rules.json", "seed.txt", "verify.py", "units.csv"])
def test_any_file_that_is_another_is_found(now, tmp_path, name):
    story = published_quiz(now)
    folder = unpacked(story.contest, tmp_path)
    with (folder / name).open("a") as file:
        file.write("\n")
    assert any(line.startswith(f"{name}:") for line in checking.check(folder, digests=True))


def test_another_seed_or_other_quotas_do_not_agree(now, tmp_path):
    story = published_quiz(now)
    folder = unpacked(story.contest, tmp_path)
    seed = (folder / "seed.txt").read_text()
    (folder / "seed.txt").write_text(seed.replace("ab", "ac"))
    assert [line.split(":")[0] for line in lines_of(folder)] == ["seed.txt"]
    (folder / "seed.txt").write_text(seed)
    rules = json.loads((folder / "rules.json").read_text())
    rules["rounds"][0]["levels"][0]["quota"] = 2
    (folder / "rules.json").write_text(json.dumps(rules))
    assert {line.split(":")[0] for line in lines_of(folder)} == {"prizes.csv"}


def test_the_dossier_names_nobody_and_two_dossiers_share_no_pseudonym(now, tmp_path):
    story = published_quiz(now)
    first = unpacked(story.contest, tmp_path / "1")
    second = unpacked(story.contest, tmp_path / "2")
    whole = b"".join(path.read_bytes() for path in first.iterdir()).decode()
    for taker in TAKERS:
        assert taker.name not in whole
    for entry in story.entries.values():
        assert entry.public_id not in whole
        assert entry.registration.code not in whole
        assert entry.registration.public_id not in whole
    for attempt in db.session.query(Attempt):
        assert attempt.public_id not in whole
        assert f"{attempt.submitted_at:%Y-%m-%d}" not in whole
    entries = [{row[0] for row in read(one, "attempts.csv")[1:]} for one in (first, second)]
    assert not entries[0] & entries[1]


def test_units_with_few_persons_are_told_together(now, tmp_path):
    story = published_quiz(now)
    public = unpacked(story.contest, tmp_path / "1")
    assert [row[2] for row in read(public, "units.csv")[1:]] == ["6"]
    full = unpacked(story.contest, tmp_path / "2", full=True)
    assert "K'Brỏih" in (full / "entries.csv").read_text()
    assert len(read(full, "units.csv")) == 3
    assert lines_of(full) == []


def test_a_name_is_no_formula_in_the_tables_of_an_auditor(now, tmp_path):
    story = published_quiz(now)
    story.entries["K'Brỏih"].registration.full_name = "=HYPERLINK(A1)"
    db.session.flush()
    full = unpacked(story.contest, tmp_path, full=True)
    names = {row[3] for row in read(full, "entries.csv")}
    assert "'=HYPERLINK(A1)" in names
    assert "=HYPERLINK(A1)" not in names
    assert lines_of(full) == []


def test_before_publication_there_is_no_dossier(now, tmp_path):
    story = closed_round(now)
    with pytest.raises(NothingPublished), written_dossier(story.contest):
        pass


def test_a_dossier_that_does_not_agree_is_given_to_nobody(now):
    story = published_quiz(now)
    db.session.query(Attempt).filter_by(entry_id=story.entries["Lê Văn Đức"].id).update(
        {"points": Decimal(7)}
    )
    with pytest.raises(DossierDisagrees), written_dossier(story.contest):
        pass


def test_an_essay_round_is_computed_from_its_marks(app, cast, now, tmp_path):
    story = marked(app, cast, now)
    story.decide()
    story.unseal()
    story.publish()
    folder = unpacked(story.round.contest, tmp_path)
    known = story.telling()
    assert verify(folder) == AGREES
    assert read(folder, "marks.csv")[0] == ["entry", "judge", "criterion", "mark"]
    whole = b"".join(path.read_bytes() for path in folder.iterdir()).decode()
    judges = {cast.hoa.full_name, cast.tu.full_name, cast.cuc.full_name}
    units = {row[1] for row in read(folder, "units.csv")}
    assert {word for word in known | judges if word in whole} <= units
    missed = [
        where
        for name in ("marks.csv", "ranking.csv", "prizes.csv", "units.csv")
        for where in tampered(folder, name)
        if not lines_of(folder)
    ]
    assert missed == []


def test_ties_and_empty_prizes_that_people_decided_are_followed(app, cast, now, tmp_path):
    story = marked(app, cast, now, ("9.25", "9", "8.75", "8.5", "8", "7.5"))
    first = prize_levels(story.round)[0].id
    story.decide(empty={(None, first): Withheld(1, "Chưa bài nào xứng đáng giải Nhất.")})
    story.unseal()
    story.publish()
    folder = unpacked(story.round.contest, tmp_path)
    assert len(read(folder, "prizes.csv")) == 3
    assert lines_of(folder) == []


def test_small_units_go_together_until_they_hide_everybody():
    assert merged_units([{"A": 9, "B": 5, "C": 4, "D": 1}], "khác") == {
        "A": "A",
        "B": "B",
        "C": "khác",
        "D": "khác",
    }
    assert merged_units([{"A": 9, "B": 5, "D": 1}], "khác") == {"A": "A", "B": "khác", "D": "khác"}
    assert merged_units([{"D": 1}], "khác") == {"D": "khác"}
    assert merged_units([{"A": 9}], "khác") == {"A": "A"}


def test_points_have_two_decimals_and_seeds_their_seal():
    assert two_decimals(Decimal("7.375")) == "7.38"
    assert two_decimals(Decimal(20)) == "20.00"
    assert seed_form("ab" * 32)[0] == "hex"
    assert seed_form("Gương Sáng") == ("text", hashlib.sha256("Gương Sáng".encode()).hexdigest())


@pytest.mark.parametrize(
    ("totals", "quorum", "rule", "used"),
    [
        # Scale 10, the worked numbers of the protocol.
        (["7.00", "7.75"], 2, "protocol", (0, 1)),
        (["7.00", "8.00"], 2, "protocol", None),
        (["6.00", "7.75"], 2, "protocol", None),
        (["6.00", "7.75", "7.75"], 2, "protocol", (1, 2)),
        (["6.00", "7.75", "7.00"], 2, "protocol", (0, 1, 2)),
        (["5.00", "8.00", "7.00"], 2, "protocol", None),
        (["6.00", "7.75", "7.00"], 2, "third", (2,)),
        (["6.00", "7.75", "7.00"], 2, "closest", (1, 2)),
        (["6.00", "7.75", "7.00"], 2, "median", (2,)),
        (["6.00", "7.75", "7.00"], 2, "mean_of_three", (0, 1, 2)),
        (["8.50", "9.00", "9.25", "9.00", "7.00"], 5, "trimmed", (0, 1, 3)),
        (["8.50", "9.00", "9.25", "9.00"], 4, "trimmed", (0, 1, 2, 3)),
        (["9.00", "9.00", "8.50", "5.00"], 4, "without_far", (0, 1, 2)),
        (["9.50", "1.00", "9.50", "1.00"], 4, "without_far", None),
        (["6.00"], 2, "protocol", None),
        (["6.00", "9.00"], 2, "mean", (0, 1)),
    ],
)
def test_the_check_follows_the_rules_of_marking(totals, quorum, rule, used):
    rules = {"resolution": rule, "agree": "0.10", "third": "0.15", "spread": "0.25"}
    values = [Fraction(each) for each in totals]
    assert resolve(values, quorum, rules, Fraction(10)) == used


def test_limits_that_hold_on_each_criterion_are_checked_on_each(app, cast, now, tmp_path):
    """Two points that change places on a sheet leave its total alone, and the main criterion."""
    story = essays(app, cast, now)
    with unit_of_work():
        db.session.get_one(JudgedRound, story.round_id).by_criterion = True
    wide = story.work_ids[0]
    for person in (cast.hoa, cast.tu, cast.cuc):
        for sheet in story.sheets(person):
            place = story.work_ids.index(sheet.work_id)
            points = ["2", "4", "1.5", str(2 - place * Decimal("0.25"))]
            if sheet.work_id == wide and person is judges_of(story, wide)[0]:
                points[2:] = ["1.75", "1.75"]  # an eighth of two points apart, equal totals
            story.save(person, sheet, story.marks(*points), done=True)
    lan = story.actor(cast.lan)
    with unit_of_work():
        judging.decide_work(
            contest_round=story.round,
            work_id=wide,
            points=Decimal("9.50"),
            minutes="Hai giám khảo thống nhất",
            by_chief=False,
            actor=lan,
            now=now,
        )
    story.lock()
    story.rank()
    story.decide()
    story.unseal()
    story.publish()
    folder = unpacked(story.round.contest, tmp_path)
    assert verify(folder) == AGREES
    rules = json.loads((folder / "rules.json").read_text())["rounds"][0]
    assert rules["rules"]["by_criterion"] is True
    assert [one["points"] for one in rules["decided"]] == ["9.50"]
    rows = read(folder, "marks.csv")
    at = next(
        n
        for n, row in enumerate(rows)
        if row[0] != rules["decided"][0]["entry"] and row[2:] == ["Sức lan tỏa", "1.50"]
    )
    rows[at][3], rows[at + 1][3] = "2.00", str(Decimal(rows[at + 1][3]) - Decimal("0.50"))
    write(folder, "marks.csv", rows)
    (said, *_more) = lines_of(folder)
    assert said == f"marks.csv:1: entry {rows[at][0]}: by the rules its marks give no mark"
