"""Three essays whose authors stand in every place where an author can stand, and the search for it.

Name, mail address, telephone number, unit, name of the file, what the camera wrote into the
picture, and what the office program wrote into the document: each is handed in, none may be told.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from contest.accounts.actions import create_person
from contest.accounts.models import Unit
from contest.contests.models import Stage
from contest.core.clock import LOCAL_ZONE, micros
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate, fold
from contest.judging.actions import JudgingSettings, save_rubric
from contest.submissions import actions
from contest.submissions.models import Work
from contest.submissions.rules.texts import read_html
from tests.judging.conftest import RUBRIC, Jury
from tests.submissions.test_blindness import ESSAYS, NAMES, expected_of
from tests.support.pages import Page

PLACE = (18.7125, 105.4433)
CAMERA = "Canon của chị Thảo 0912-XYZ"
COMPUTER = "MAY-TINH-PHONG-VAN-HOA-07"
XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>'
    f"{COMPUTER}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
)


@dataclass
class Told:
    """What must reach no judge, with what it is."""

    work_id: int
    strings: dict[str, str]


def marked_document(name: str) -> bytes:
    """The essay as sent, with one more sign of its author: custom properties, or XMP."""
    content = (ESSAYS / name).read_bytes()
    target = io.BytesIO()
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", 8) as new:
            for part in old.namelist():
                new.writestr(part, old.read(part))
            new.writestr("docProps/custom.xml", f"<Properties><p>{COMPUTER}</p></Properties>")
        return target.getvalue()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    metadata = StreamObject()
    metadata._data = XMP.encode()
    metadata[NameObject("/Type")] = NameObject("/Metadata")
    metadata[NameObject("/Subtype")] = NameObject("/XML")
    writer._root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    writer.write(target)
    return target.getvalue()


def photograph(artist: str) -> bytes:
    """A photograph as a telephone makes it: who, with what, where, when."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0110], exif[0x0132] = artist, CAMERA, "2026:10:03 04:17:23"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (18.0, 42.0, 45.0), "E", (105.0, 26.0, 35.88)
    file = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 40)).save(
        file, "JPEG", exif=exif.tobytes(), comment=artist.encode()
    )
    return file.getvalue()


def hand_in(world, name: str, number: int, at: datetime) -> Told:
    """The author of the file registers under their own name and unit, uploads it and hands in."""
    wanted = expected_of(name)
    author, email = wanted["author"], wanted["author"]["email"]
    with unit_of_work():
        unit = db.session.get_one(Unit, world.cast.other_school.id)  # no branch of Cúc
        person = create_person(
            full_name=author["name"],
            phone=author["phone_e164"],
            email=email,
            birth=PartialDate(date(1985, 1, 1), DatePrecision.DAY),
            unit=unit,
            actor=None,
            now=world.now,
        )
    world.register(person)
    actor, public_id = world.actor(person), world.begin(person, at)
    with unit_of_work():
        work = world.work(public_id)
        work.authors[0].unit_name = author["unit"]
        work.authors[0].unit_id = None
        actions.add_document(
            work=work, content=marked_document(name), name=name, edit=0, actor=actor, now=at
        )
        picture = actions.add_picture(
            work=work,
            content=photograph(f"{author['name']} {number}"),
            caption=f"Ảnh: {author['name']}, {author['unit']}",
            alternative_text=f"{author['name']} chụp",
            actor=actor,
            now=at,
        )
        present = work.version
        body = f"{present.body_html}<p>Liên hệ {email}, {author['phone_e164']}.</p>"
        body += f'<img src="file:{picture.public_id}">'
        draft = actions.Draft(
            title=present.title,
            blocks=read_html(body),
            subject_name=wanted["subject"]["name"],
            subject_unit=wanted["subject"]["unit"],
            subject_reason=f"{author['name']} biết rõ nhân vật này",
        )
        actions.save_draft(work=work, draft=draft, edit=work.edit, actor=actor, now=at)
    world.submit(person, public_id, now=at)
    world.screen(public_id)
    work = world.work(public_id)
    return Told(work.id, _telling(work, wanted, name, at))


def _telling(work: Work, wanted, name: str, at: datetime) -> dict[str, str]:
    author, local = wanted["author"], at.astimezone(LOCAL_ZONE)
    strings = dict.fromkeys(wanted["identity_strings_never_to_judge"], "identity")
    strings |= {
        author["name"]: "name",
        fold(author["name"]): "name",
        author["email"]: "mail",
        author["phone_e164"]: "phone",
        author["unit"]: "unit",
        name: "file name",
        name.rpartition(".")[0]: "file name",
        CAMERA: "camera",
        str(PLACE[0]): "place",
        COMPUTER: "properties of the document",
        "2026:10:03": "time of the camera",
        work.public_id: "address of the author",
        work.entry.public_id: "entry",
        work.entry.registration.code: "entry code",
        work.receipt_code or "": "receipt",
        (work.receipt_digest or "")[:16]: "receipt",
        f"{local:%H:%M:%S}": "time of handing in",
        f"{local:%d/%m/%Y, %H:%M}": "time of handing in",
        str(micros(at)): "time of handing in",
    }
    for file in work.files:
        strings |= {file.original.storage_key: "storage", file.original.sha256[:24]: "storage"}
    strings.pop("", None)
    return strings


def judged_round(live, settings: JudgingSettings, screened: Callable[..., None] | None = None):
    """The three essays handed in, screened and given to three judges.

    Args:
        live: the contest as requests meet it.
        settings: of the marking.
        screened: called with the world and what must not be told before works are assigned.

    Returns:
        What must not be told of each essay, the judges, and shortcuts to their marks.
    """
    with live.app.app_context():
        at = live.now.replace(microsecond=417_230) - timedelta(days=3, hours=2, seconds=23)
        live.set_round(opens_at=at - timedelta(days=5), opened_at=at - timedelta(days=5))
        live.configure(max_pictures=3)
        told = [
            hand_in(live, name, number, at + timedelta(minutes=17 * number))
            for number, name in enumerate(NAMES)
        ]
        live.codes()
        live.set_round(stage=Stage.PLANNED)
        with unit_of_work():
            save_rubric(
                contest_round=live.round,
                settings=settings,
                criteria=RUBRIC,
                actor=None,
                now=live.now,
            )
        closed = live.now - timedelta(hours=1)
        live.set_round(stage=Stage.CLOSED, closes_at=closed, closed_at=closed)
        jury = Jury(live.app, live.cast, live.now, live.contest_id, live.round_id)
        judges = (live.cast.hoa, live.cast.tu, live.cast.cuc)
        for person in judges:
            jury.seat(person)
        if screened is not None:
            screened(live, told)
        jury.assign()
    return told, judges, jury


def addresses(page: Page, here: str) -> set[str]:
    """Everything a page leads to or loads, on this site."""
    found = page.all("//@href | //@src | //h:form[not(@method='post')]/@action")
    whole = {urldefrag(urljoin(f"http://localhost{here}", each))[0] for each in found}
    parts = [urlsplit(each) for each in whole]
    return {
        each.path + (f"?{each.query}" if each.query else "")
        for each in parts
        if each.netloc == "localhost" and not each.path.startswith("/static/")
    }


def fetched(
    client, begin=("/judge", "/", "/account"), within: tuple[str, ...] = ("/",)
) -> dict[str, bytes]:
    """Every page, picture and file that a judge comes to from their desk, headers included.

    Args:
        client: signed in.
        begin: where they begin.
        within: how the addresses begin that are followed.
    """
    todo, seen = list(begin), {}
    while todo:
        address = todo.pop()
        if address in seen or "language" in address or "sign-out" in address:
            continue
        if not address.startswith(within):
            continue
        answer = client.get(address)
        seen[address] = str(answer.headers).encode() + b"\n" + unzipped(answer.data)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            todo += sorted(addresses(Page(answer.text), address))
        if answer.location:
            todo.append(urlsplit(urljoin("http://localhost", answer.location)).path)
    return seen


def unzipped(content: bytes) -> bytes:
    """A download with the parts of an archive laid open."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(
            [content, *(name.encode() + archive.read(name) for name in archive.namelist())]
        )


def forms_of(string: str) -> list[bytes]:
    composed = unicodedata.normalize("NFC", string)
    spellings = {composed, composed.casefold(), unicodedata.normalize("NFD", composed)}
    spellings.add(re.sub(r"\s+", "%20", composed))
    codings = ("utf-8", "utf-16-le", "utf-16-be")
    return [each.encode(coding) for each in spellings for coding in codings]


def leaks(pages: dict[str, bytes], told: list[Told]) -> list[tuple[str, str, str]]:
    found = []
    for address, raw in pages.items():
        words = raw.decode("utf-8", "replace").casefold().encode()
        for each in told:
            for string, what in each.strings.items():
                if any(form in raw or form in words for form in forms_of(string)):
                    found.append((address, what, string))
    return found
