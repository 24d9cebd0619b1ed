"""What this room keeps about a person: the record itself, consents, sign-ins, codes, letters."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from contest.accounts import forgetting
from contest.accounts.labels import CONSENT_NAMES, ROLE_NAMES
from contest.accounts.merging import Follower, register_follower
from contest.accounts.models import (
    Consent,
    ConsentPurpose,
    Grant,
    OneTimeCode,
    Person,
    PersonMerge,
    RecoveryCode,
    RequestState,
    SignIn,
    SignInChallenge,
    SubjectRequest,
)
from contest.accounts.personal_data import (
    ERASED_NAME,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.accounts.queries import own_consents, unit_path
from contest.accounts.queries.grants import names_of_scopes, roles_of
from contest.accounts.rules import format_birth
from contest.accounts.rules.subject_requests import OPEN_STATES
from contest.core import audit
from contest.core.db import Base, db
from contest.core.errors import Words
from contest.core.files import discard_files
from contest.core.i18n import LANGUAGES
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.jobs import Job, JobState
from contest.core.mail import Mail
from contest.core.vietnamese import fold, name_sort_key


def _account(person: Person) -> Section:
    lines = [
        Line("full_name", _l("Full name"), person.full_name),
        Line("phone", _l("Phone number"), person.phone),
        Line("email", _l("E-mail"), person.email),
        Line("birth", _l("Birth date"), format_birth(person.birth_date, person.birth_precision)),
        Line("unit", _l("Unit"), unit_path(person.unit).names if person.unit else None),
        Line("form_of_address", _l("How we address you"), person.form_of_address or None),
        Line("language", _l("Language"), LANGUAGES.get(person.locale, person.locale)),
        Line("two_step_sign_in", _l("Two-step sign-in"), person.totp_confirmed_at),
        Line("created_at", _l("Account made"), person.created_at),
    ]
    return Section("account", _l("Account"), [Record(lines)])


def _consents(person: Person) -> Section:
    given = own_consents(person.id)
    names = names_of_scopes([row.consent.scope for row in given if row.consent.scope is not None])
    return Section(
        "consents",
        _l("Consents"),
        [
            Record(
                [
                    Line("purpose", _l("Purpose"), str(CONSENT_NAMES[row.consent.purpose])),
                    Line(
                        "where",
                        _l("Where"),
                        names[row.consent.scope_id].label
                        if row.consent.scope_id in names
                        else _("The whole platform"),
                    ),
                    Line("text", _l("Words agreed to"), row.text.body),
                    Line("version", _l("Version of the words"), row.text.version),
                    Line("channel", _l("Given through"), _channel(row.consent.channel)),
                    Line("given_at", _l("Given on"), row.consent.given_at),
                    Line("withdrawn_at", _l("Withdrawn on"), row.consent.withdrawn_at),
                ]
            )
            for row in given
        ],
    )


def _channel(code: str) -> str:
    """Where a consent was given, in words; a channel without words is called by its code."""
    names = {
        "web": _("the account page"),
        "registration": _("the registration"),
        "start": _("the start of a quiz"),
        "submission": _("handing in an essay"),
        "roster": _("a roster"),
        "paper": _("paper"),
    }
    return names.get(code, code)


def _sign_ins(person: Person) -> Section:
    rows = db.session.scalars(
        select(SignIn).where(SignIn.person_id == person.id).order_by(SignIn.id)
    )
    return Section(
        "sign_ins",
        _l("Sign-ins"),
        [
            Record(
                [
                    Line("device", _l("Device"), row.device or None),
                    Line("address", _l("Network address"), row.address or None),
                    Line("created_at", _l("Began on"), row.created_at),
                    Line("seen_at", _l("Last seen on"), row.seen_at),
                    Line("ended_at", _l("Signed out on"), row.ended_at),
                ]
            )
            for row in rows
        ],
    )


def _roles(person: Person) -> Section:
    return Section(
        "roles",
        _l("Roles"),
        [
            Record(
                [
                    Line("role", _l("Role"), str(ROLE_NAMES[shown.grant.role])),
                    Line("where", _l("Where"), shown.scope.label or _("The whole platform")),
                    Line("since", _l("Since"), shown.grant.granted_at),
                ]
            )
            for shown in roles_of(person.id)
        ],
    )


def _copy(person: Person) -> Sequence[Section]:
    return [_account(person), _roles(person), _consents(person), _sign_ins(person)]


def _consequences(person: Person) -> Sequence[Words]:
    del person
    return [
        _l(
            "The account is closed: name, telephone number, e-mail address, birth date and unit "
            "are deleted, and nobody can sign in with it again."
        ),
        _l("All sign-ins, codes and letters are deleted, and all consents end."),
    ]


def _obstacles(person: Person) -> Sequence[Words]:
    held = db.session.scalar(
        select(Grant.id).where(Grant.person_id == person.id, Grant.ended_at.is_(None)).limit(1)
    )
    if held is None:
        return ()
    return [_l("This person holds roles. End them first, so that their work goes to somebody.")]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    """The record stays as a nameless key; records that were merged into it likewise."""
    ids = _records_of(person.id)
    touched = {
        "sign_ins": _delete(SignIn, SignIn.person_id.in_(ids)),
        "challenges": _delete(SignInChallenge, SignInChallenge.person_id.in_(ids)),
        "recovery_codes": _delete(RecoveryCode, RecoveryCode.person_id.in_(ids)),
        "codes": _delete(OneTimeCode, OneTimeCode.person_id.in_(ids)),
        "letters": _delete(Mail, _to(person, now)),
        "consents": _end_consents(ids, now),
        "files": _forget_copies(ids, now),
        "jobs": _delete(
            Job,
            and_(Job.owner_id.in_(ids), Job.state.in_((JobState.DONE, JobState.FAILED))),
        ),
        "events": audit.forget_personal("person", ids),
    }
    for one in db.session.scalars(select(Person).where(Person.id.in_(ids))):
        _make_nameless(one, now)
    db.session.execute(
        update(SubjectRequest).where(SubjectRequest.person_id.in_(ids)).values(words="")
    )
    db.session.flush()
    return touched


def _records_of(person_id: int) -> list[int]:
    """The record and all that were merged into it, directly or over another."""
    ids = {person_id}
    while True:
        further = set(
            db.session.scalars(
                select(PersonMerge.merged_id).where(
                    PersonMerge.kept_id.in_(ids), PersonMerge.merged_id.not_in(ids)
                )
            )
        )
        if not further:
            return sorted(ids)
        ids |= further


def _delete(table: type[Base], condition: ColumnElement[bool]) -> int:
    deleted: int = db.session.execute(delete(table).where(condition)).rowcount  # type: ignore[attr-defined]
    return deleted


def _to(person: Person, now: datetime) -> ColumnElement[bool]:
    """Letters and messages to the person, but for the answer written in this transaction."""
    return and_(
        Mail.recipient.in_([person.email or "", person.phone or ""]), Mail.created_at != now
    )


def _end_consents(ids: Sequence[int], now: datetime) -> int:
    ended: int = db.session.execute(
        update(Consent)
        .where(Consent.person_id.in_(ids), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    ).rowcount  # type: ignore[attr-defined]
    return ended


def _forget_copies(ids: Sequence[int], now: datetime) -> int:
    files = list(
        db.session.scalars(
            select(SubjectRequest.file_id).where(
                SubjectRequest.person_id.in_(ids), SubjectRequest.file_id.is_not(None)
            )
        )
    )
    db.session.execute(
        update(SubjectRequest).where(SubjectRequest.person_id.in_(ids)).values(file_id=None)
    )
    return discard_files([file_id for file_id in files if file_id is not None], now=now)


def _make_nameless(person: Person, now: datetime) -> None:
    person.full_name = ERASED_NAME
    person.name_folded = fold(ERASED_NAME)
    person.sort_key = name_sort_key(ERASED_NAME)
    person.form_of_address = ""
    person.phone = person.email = person.password_hash = None
    person.birth_date = person.birth_precision = None
    person.unit_id = None
    person.totp_secret = person.totp_confirmed_at = person.totp_last_counter = None
    person.disabled_at = person.disabled_at or now
    person.erased_at = now


def _withdrawal(person: Person, purpose: ConsentPurpose, scope_id: int | None) -> Sequence[Words]:
    del person
    if purpose is ConsentPurpose.CONTACT:
        return [_l("You no longer get news of later contests.")]
    if purpose is ConsentPurpose.TAKE_PART and scope_id is None:
        return [
            _l(
                "Your account stays as it is. If you no longer want one, ask for the erasure of "
                "your data instead."
            )
        ]
    return ()


def _count_requests(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SubjectRequest)
            .where(SubjectRequest.person_id == person_id)
        )
        or 0
    )


def _move_requests(kept_id: int, merged_id: int, now: datetime) -> int:
    """Requests follow; one that the kept record has open as well is closed."""
    open_kinds = db.session.scalars(
        select(SubjectRequest.kind).where(
            SubjectRequest.person_id == kept_id, SubjectRequest.state.in_(OPEN_STATES)
        )
    ).all()
    db.session.execute(
        update(SubjectRequest)
        .where(
            SubjectRequest.person_id == merged_id,
            SubjectRequest.state.in_(OPEN_STATES),
            SubjectRequest.kind.in_(open_kinds),
        )
        .values(state=RequestState.WITHDRAWN, finished_at=now)
    )
    moved: int = db.session.execute(
        update(SubjectRequest)
        .where(SubjectRequest.person_id == merged_id)
        .values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell what this room keeps; it is the first to be copied and the last to be erased."""
    register_keeper(Keeper("accounts", _copy, _consequences, _obstacles, _erase, _withdrawal))
    forgetting.register()
    register_follower(
        Follower("subject_requests", _l("Requests about data"), _count_requests, _move_requests)
    )
