"""Signing in: the same answer for everybody, the delay, tokens, devices, the second factor."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pyotp
import pytest
from flask import Flask
from nacl.pwhash import argon2id
from sqlalchemy import MetaData, func, select, text

from contest.accounts import queries
from contest.accounts.actions import (
    NewPerson,
    SignedIn,
    create_people,
    give_grant,
    issue_codes,
    open_sign_in,
    second_factor,
    sign_in,
)
from contest.accounts.actions.forgetting import forget_old_traces
from contest.accounts.actions.passwords import (
    activate,
    change_password,
    request_reset,
    reset_by_code,
    reset_by_mail,
)
from contest.accounts.actions.signing_in import end_other_sign_ins, end_sign_in
from contest.accounts.models import CodePurpose, Person, SignIn, SignInFailure
from contest.accounts.refusals import (
    NotYoursToHelp,
    TooManyTries,
    WrongCode,
    WrongCredentials,
    WrongPassword,
    WrongSecondFactor,
)
from contest.core.access import Role
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.full_text import is_of_word_index
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work
from tests.support.cast import PASSWORD, Cast, actor_of, committed_cast
from tests.support.counting import count_queries

HOME = "192.0.2.7"


@pytest.fixture
def cast(context: object, now: datetime) -> Cast:
    return committed_cast(now)


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that were looked at."""
    seen: list[str] = []
    verify = argon2id.verify

    def counted(known: bytes, password: bytes) -> bool:
        seen.append(known.decode())
        return verify(known, password)

    monkeypatch.setattr(argon2id, "verify", counted)
    return seen


def noted(tokens: list[str]) -> Callable[[str], str]:
    """Makes links as the page does, and keeps the tokens."""

    def link(token: str) -> str:
        tokens.append(token)
        return f"https://here.example/{token}"

    return link


def attempt(identifier: str, password: str, now: datetime, address: str = HOME) -> SignedIn:
    """One try, as a request does it: what it records apart is kept when it fails."""
    try:
        with unit_of_work():
            return sign_in(
                identifier=identifier, password=password, device="", address=address, now=now
            )
    except RuleBroken:
        with unit_of_work():
            pass
        raise


def test_the_right_password_signs_in_by_phone_and_by_mail(cast: Cast, now: datetime) -> None:
    for typed in ("0900 000 003", "+84900000003", "NGUOI00000003@vi-du.example"):
        result = attempt(typed, PASSWORD, now)
        actor = queries.load_actor(result.token, now)
        assert actor is not None
        assert (actor.person_id, actor.full_name) == (cast.minh.id, "Nguyễn Văn Minh")


def test_signing_in_asks_for_person_and_failures_and_writes_sign_in_and_event(
    cast: Cast, now: datetime
) -> None:
    with count_queries() as seen:
        attempt("0900000003", PASSWORD, now)
    words = [(each.split()[0], each.split(" FROM ")[-1].split()[0]) for each in seen.statements]
    assert words[:2] == [("SELECT", "person"), ("SELECT", "sign_in_failure")]
    assert [each.split()[:3] for each in seen.statements[2:]] == [
        ["INSERT", "INTO", "sign_in"],
        ["INSERT", "INTO", "audit_event"],
    ]


def test_every_wrong_try_takes_one_verification_and_gets_one_answer(
    cast: Cast, now: datetime, verifications: list[str]
) -> None:
    with unit_of_work():
        create_people(
            people=[NewPerson("Chưa Kích Hoạt", phone="+84911111111")], actor=None, now=now
        )
        closed = db.session.get_one(Person, cast.an.id)
        closed.disabled_at = now
    answers = []
    for identifier, password in [
        ("0900000003", "wrong password"),
        ("0988888888", PASSWORD),
        ("nobody@vi-du.example", PASSWORD),
        ("not even a number", PASSWORD),
        ("0911111111", PASSWORD),
        ("0900000006", PASSWORD),
    ]:
        before = len(verifications)
        with pytest.raises(WrongCredentials) as refusal:
            attempt(identifier, password, now)
        answers.append((len(verifications) - before, refusal.value.words))
    assert answers == [answers[0]] * 6
    assert answers[0][0] == 1


def test_the_delay_grows_is_told_and_never_locks(
    cast: Cast, now: datetime, verifications: list[str]
) -> None:
    moment, waits = now, []
    for _ in range(16):
        try:
            attempt("0900000003", "wrong password", moment)
        except WrongCredentials:
            continue
        except TooManyTries as refusal:
            waits.append(refusal.seconds)
            moment += refusal.wait
            with pytest.raises(WrongCredentials):
                attempt("0900000003", "wrong password", moment)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    tries = len(verifications)
    with pytest.raises(TooManyTries):
        attempt("0900000003", PASSWORD, moment)
    assert len(verifications) == tries  # a try that comes too soon is not even looked at
    assert attempt("0900000003", PASSWORD, moment + timedelta(minutes=5)).person.id == cast.minh.id
    # Whoever came in starts anew, and an hour forgets everything.
    with pytest.raises(WrongCredentials):
        attempt("0900000003", "wrong password", moment + timedelta(minutes=6))


def test_an_account_that_does_not_exist_waits_as_long(cast: Cast, now: datetime) -> None:
    for identifier in ("0900000003", "0988888888"):
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                attempt(identifier, "wrong password", now, address=identifier)
        with pytest.raises(TooManyTries) as refusal:
            attempt(identifier, "wrong password", now, address=identifier)
        assert refusal.value.seconds == 1


def test_one_address_waits_for_trying_many_accounts(cast: Cast, now: datetime) -> None:
    for number in range(30):
        with pytest.raises(WrongCredentials):
            attempt(f"09777777{number:02d}", "wrong password", now)
    with pytest.raises(TooManyTries):
        attempt("0900000003", PASSWORD, now)
    assert attempt("0900000003", PASSWORD, now, address="192.0.2.8").person.id == cast.minh.id


def test_a_stranger_who_keeps_guessing_does_not_keep_the_owner_waiting(
    cast: Cast, now: datetime
) -> None:
    attempt("0900000003", PASSWORD, now)
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            attempt("0900000003", "wrong password", now, address="198.51.100.9")
    with pytest.raises(TooManyTries):
        attempt("0900000003", PASSWORD, now, address="198.51.100.9")
    assert attempt("0900000003", PASSWORD, now).person.id == cast.minh.id


def test_failures_survive_the_rollback_of_their_request(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongCredentials):
        attempt("0900000003", "wrong password", now)
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 2


def all_text_in_the_database() -> str:
    tables = MetaData()
    tables.reflect(db.engine)
    return "\n".join(
        str(row)
        for table in tables.tables.values()
        if table.name != "mail"  # letters carry the link to their owner
        and not is_of_word_index(table.name)  # cannot be read; it is made from a table that is
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
    )


def test_no_token_code_or_password_stands_in_the_database(cast: Cast, now: datetime) -> None:
    links: list[str] = []
    with unit_of_work():
        token = attempt("0900000003", PASSWORD, now).token
        [person] = create_people(people=[NewPerson("Mới")], actor=None, now=now)
        [issued] = issue_codes(
            people=[person], purpose=CodePurpose.ACTIVATION, batch="", actor=None, now=now
        )
        request_reset(identifier="0900000003", reset_link=noted(links), now=now)
        minh = db.session.get_one(Person, cast.minh.id)
        secret = second_factor.prepare_second_factor(person=minh)
        recovery = second_factor.turn_on_second_factor(
            person=minh,
            digits=pyotp.TOTP(secret).at(now),
            actor=actor_of(minh, now),
            now=now,
        )
    everything = all_text_in_the_database()
    assert cast.minh.full_name in everything
    for hidden in (
        token,
        issued.code,
        issued.code.replace("-", ""),
        links[0],
        PASSWORD,
        secret,
        *recovery,
    ):
        assert hidden not in everything


def test_the_loader_is_one_select_and_knows_only_the_living(cast: Cast, now: datetime) -> None:
    token = attempt("0900000002", PASSWORD, now).token
    with count_queries() as seen:
        lan = queries.load_actor(token, now)
    assert seen.count == 1
    assert lan is not None
    assert [(line.role, line.scope_path) for line in lan.grants] == [
        (Role.ORGANISER, cast.province.scope.path)
    ]
    assert queries.load_actor("another token", now) is None
    assert queries.load_actor(token, now + timedelta(days=8)) is None  # staff: a week
    with unit_of_work():
        end_sign_in(sign_in_id=lan.sign_in_id, actor=lan, now=now)
    assert queries.load_actor(token, now) is None


def test_a_closed_account_is_out_at_once(cast: Cast, now: datetime) -> None:
    token = attempt("0900000003", PASSWORD, now).token
    with unit_of_work():
        db.session.get_one(Person, cast.minh.id).disabled_at = now
    assert queries.load_actor(token, now) is None


def test_that_a_device_was_seen_is_noted_every_five_minutes(cast: Cast, now: datetime) -> None:
    token = attempt("0900000003", PASSWORD, now).token

    def seen_at(moment: datetime) -> datetime:
        with unit_of_work():
            queries.load_actor(token, moment)
        return db.session.scalars(select(SignIn.seen_at)).one()

    assert seen_at(now + timedelta(minutes=5)) == now
    assert seen_at(now + timedelta(minutes=6)) == now + timedelta(minutes=6)


def test_devices_end_singly_or_all_others(cast: Cast, now: datetime) -> None:
    tokens = [attempt("0900000003", PASSWORD, now).token for _ in range(4)]
    actors = [queries.load_actor(token, now) for token in tokens]
    assert all(actors)
    first, second = actors[0], actors[1]
    assert first is not None
    assert second is not None
    with unit_of_work():
        end_sign_in(sign_in_id=second.sign_in_id, actor=first, now=now)
        minh = db.session.get_one(Person, cast.minh.id)
        assert end_other_sign_ins(person=minh, keep_id=first.sign_in_id, actor=first, now=now) == 2
    alive = [queries.load_actor(token, now) is not None for token in tokens]
    assert alive == [True, False, False, False]


def test_nobody_ends_somebody_elses_device(cast: Cast, now: datetime) -> None:
    token = attempt("0900000003", PASSWORD, now).token
    minh = queries.load_actor(token, now)
    assert minh is not None
    with unit_of_work():
        end_sign_in(sign_in_id=minh.sign_in_id, actor=actor_of(cast.an, now), now=now)
    assert queries.load_actor(token, now) is not None


def test_a_new_password_ends_the_other_devices(cast: Cast, now: datetime) -> None:
    here, there = (attempt("0900000003", PASSWORD, now).token for _ in range(2))
    actor = queries.load_actor(here, now)
    assert actor is not None

    def change(present: str) -> None:
        minh = db.session.get_one(Person, cast.minh.id)
        change_password(
            person=minh,
            present=present,
            password="hai con vịt xòe ra",
            address=HOME,
            actor=actor,
            now=now,
        )

    with pytest.raises(WrongPassword), unit_of_work():
        change("wrong password")
    with unit_of_work():
        change(PASSWORD)
    assert queries.load_actor(here, now) is not None
    assert queries.load_actor(there, now) is None
    with pytest.raises(WrongCredentials):
        attempt("0900000003", PASSWORD, now)
    # A keyboard that writes the marks apart hashes to the same.
    assert attempt("0900000003", "hai con vịt xòe ra", now).person.id == cast.minh.id


def activate_now(code: str, now: datetime, phone: str = "+84933333333") -> Person:
    try:
        with unit_of_work():
            return activate(
                code=code,
                phone=phone,
                email=None,
                password="ba con vịt",
                consents=[],
                locale="vi",
                address=HOME,
                now=now,
            )
    except RuleBroken:
        with unit_of_work():
            pass
        raise


def activation_code(now: datetime) -> str:
    with unit_of_work():
        [person] = create_people(people=[NewPerson("Lê Thị Sương")], actor=None, now=now)
        [issued] = issue_codes(
            people=[person], purpose=CodePurpose.ACTIVATION, batch="", actor=None, now=now
        )
    return issued.code


def test_an_activation_code_works_once(cast: Cast, now: datetime) -> None:
    code = activation_code(now)
    late = now + timedelta(days=59)
    person = activate_now(code.lower(), late)
    assert person.phone == "+84933333333"
    assert attempt("0933333333", "ba con vịt", late).person.id == person.id
    with pytest.raises(WrongCode):
        activate_now(code, late, phone="+84933333334")


def test_an_activation_code_ends_after_sixty_days(cast: Cast, now: datetime) -> None:
    code = activation_code(now)
    with pytest.raises(WrongCode):
        activate_now(code, now + timedelta(days=60))


def test_of_two_uses_of_a_code_at_once_one_succeeds(app: Flask, cast: Cast, now: datetime) -> None:
    code = activation_code(now)
    start = Barrier(2)

    def use(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                activate_now(code, now, phone=f"+8493333330{number}")
            except WrongCode:
                return "refused"
            return "activated"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == ["activated", "refused"]


def test_wrong_codes_make_the_address_wait(cast: Cast, now: datetime) -> None:
    for _ in range(3):
        with pytest.raises(WrongCode):
            activate_now("AAAA-AAAA-AAAA", now)
    with pytest.raises(TooManyTries):
        activate_now("AAAA-AAAA-AAAA", now)


def reset_code(person: Person, issuer: Person, now: datetime) -> str:
    with unit_of_work():
        [issued] = issue_codes(
            people=[db.session.get_one(Person, person.id)],
            purpose=CodePurpose.RESET,
            batch="",
            actor=actor_of(issuer, now),
            now=now,
        )
    return issued.code


def test_a_coordinator_helps_in_the_own_branch_only_and_never_staff(
    cast: Cast, now: datetime
) -> None:
    for person in (cast.an, cast.lan, cast.tu, cast.cuc, cast.admin):
        with pytest.raises(NotYoursToHelp):
            reset_code(person, cast.cuc, now)
    for issuer in (cast.minh, cast.hoa, cast.bao):
        with pytest.raises(NotYoursToHelp):
            reset_code(cast.minh, issuer, now)
    for person in (cast.tu, cast.hoa):
        with pytest.raises(NotYoursToHelp):
            reset_code(person, cast.admin, now)
    old = attempt("0900000003", PASSWORD, now).token
    code = reset_code(cast.minh, cast.cuc, now)
    with unit_of_work():
        reset_by_code(code=code, password="bốn con vịt", address=HOME, now=now)
    assert queries.load_actor(old, now) is None
    assert attempt("0900000003", "bốn con vịt", now).person.id == cast.minh.id


def test_a_code_dies_when_its_owner_becomes_staff(cast: Cast, now: datetime) -> None:
    code = reset_code(cast.minh, cast.cuc, now)
    with unit_of_work():
        lan = actor_of(cast.lan, now)
        minh = db.session.get_one(Person, cast.minh.id)
        give_grant(person=minh, role=Role.JUDGE, scope=cast.ward.scope, actor=lan, now=now)
    with pytest.raises(WrongCode), unit_of_work():
        reset_by_code(code=code, password="bốn con vịt", address=HOME, now=now)


def test_a_letter_brings_a_link_that_works_once_for_an_hour(cast: Cast, now: datetime) -> None:
    tokens: list[str] = []

    def ask(identifier: str) -> None:
        with unit_of_work():
            request_reset(
                identifier=identifier,
                reset_link=noted(tokens),
                now=now,
            )

    ask("nobody@vi-du.example")
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    ask("0900000002")
    [letter] = db.session.scalars(select(Mail)).all()
    assert (letter.recipient, tokens[-1] in letter.body) == (cast.lan.email, True)
    with pytest.raises(WrongCode), unit_of_work():
        reset_by_mail(token=tokens[-1], password="năm con vịt", now=now + timedelta(hours=1))
    with unit_of_work():
        reset_by_mail(token=tokens[-1], password="năm con vịt", now=now)
    with pytest.raises(WrongCode), unit_of_work():
        reset_by_mail(token=tokens[-1], password="sáu con vịt", now=now)
    assert attempt("0900000002", "năm con vịt", now).person.id == cast.lan.id


@pytest.fixture
def with_phone(cast: Cast, now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """Lan has set up the second factor; it was confirmed by the step before."""
    with unit_of_work():
        lan = db.session.get_one(Person, cast.lan.id)
        secret = second_factor.prepare_second_factor(person=lan)
        totp = pyotp.TOTP(secret)
        before = now - timedelta(minutes=2)
        codes = second_factor.turn_on_second_factor(
            person=lan, digits=totp.at(before), actor=actor_of(lan, before), now=before
        )
    return totp, codes


def confirm(token: str, typed: str, now: datetime) -> SignedIn:
    try:
        with unit_of_work():
            return second_factor.confirm_sign_in(
                token=token, typed=typed, device="", address=HOME, now=now
            )
    except RuleBroken:
        with unit_of_work():
            pass
        raise


def test_the_second_factor_stands_between_password_and_sign_in(
    cast: Cast, now: datetime, with_phone: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _codes = with_phone
    first = attempt("0900000002", PASSWORD, now)
    assert first.needs_second_factor
    assert queries.load_actor(first.token, now) is None
    with pytest.raises(WrongSecondFactor):
        confirm(first.token, "000000", now)
    second = confirm(first.token, totp.at(now), now)
    actor = queries.load_actor(second.token, now)
    assert actor is not None
    assert actor.second_factor
    with pytest.raises(WrongCode):  # the challenge is over
        confirm(first.token, totp.at(now + timedelta(seconds=30)), now)


def test_the_same_digits_are_not_taken_twice(
    cast: Cast, now: datetime, with_phone: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _codes = with_phone
    confirm(attempt("0900000002", PASSWORD, now).token, totp.at(now), now)
    again = attempt("0900000002", PASSWORD, now).token
    with pytest.raises(WrongSecondFactor):
        confirm(again, totp.at(now), now)
    with pytest.raises(WrongSecondFactor):  # nor older ones
        confirm(again, totp.at(now - timedelta(seconds=30)), now)
    later = now + timedelta(seconds=30)
    assert confirm(again, totp.at(later), later).person.id == cast.lan.id


def test_a_recovery_code_stands_in_once(
    cast: Cast, now: datetime, with_phone: tuple[pyotp.TOTP, list[str]]
) -> None:
    _totp, codes = with_phone
    assert len(set(codes)) == 10
    confirm(attempt("0900000002", PASSWORD, now).token, codes[0].lower(), now)
    with pytest.raises(WrongSecondFactor):
        confirm(attempt("0900000002", PASSWORD, now).token, codes[0], now)


def test_guessing_digits_waits_too(
    cast: Cast, now: datetime, with_phone: tuple[pyotp.TOTP, list[str]]
) -> None:
    token = attempt("0900000002", PASSWORD, now).token
    for _ in range(3):
        with pytest.raises(WrongSecondFactor):
            confirm(token, "000000", now)
    with pytest.raises(TooManyTries):
        confirm(token, "000000", now)


def test_a_challenge_lasts_ten_minutes(
    cast: Cast, now: datetime, with_phone: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _codes = with_phone
    token = attempt("0900000002", PASSWORD, now).token
    later = now + timedelta(minutes=10)
    with pytest.raises(WrongCode):
        confirm(token, totp.at(later), later)


def test_old_traces_are_forgotten(cast: Cast, now: datetime) -> None:
    with pytest.raises(WrongCredentials):
        attempt("0900000003", "wrong password", now)
    with unit_of_work():
        open_sign_in(person=cast.minh, device="Chrome", address=HOME, now=now)
    with unit_of_work():
        done = forget_old_traces(now=now + timedelta(days=91))
    assert done == {"failures": 2, "challenges": 0, "traces": 1}
    assert db.session.execute(select(SignIn.device, SignIn.address)).all() == [("", "")]
