"""Forms of certificates: design, revocation, a code to verify."""

from typing import Any, Final

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from contest.awards.actions.certificates import DesignValues
from contest.awards.models.certificates import (
    CertificateDesign,
    CertificateKind,
    CertificateLayout,
)
from contest.awards.rules.certificates import USUAL
from contest.core.errors import BadFile
from contest.core.forms import BaseForm, LineField, TextField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.core.pictures import CleanPicture, read_picture

_PICTURE_BYTES: Final = 3_000_000
_NEEDED: Final = _l("This field is required.")
KIND_NAMES: Final = {
    CertificateKind.PRIZE: _l("Prizes"),
    CertificateKind.PARTICIPATION: _l("Taking part"),
    CertificateKind.HONOUR: _l("Honoured persons"),
}


class DesignForm(BaseForm):
    """What stands on certificates of a kind."""

    layout = SelectField(
        _l("Sheet"),
        choices=choices_of(
            [
                (CertificateLayout.LANDSCAPE.value, _l("A4 landscape")),
                (CertificateLayout.PORTRAIT.value, _l("A4 portrait")),
            ]
        ),
    )
    style = SelectField(
        _l("Head of the document"),
        choices=choices_of(
            [
                ("none", _l("Issuer with logo")),
                ("state", _l("In the style of the State")),
                ("party", _l("In the style of the Party")),
            ]
        ),
    )
    above = LineField(_l("Body above the issuer"), [Length(max=200)])
    issuer = LineField(
        _l("Body that issues the certificate"), [InputRequired(_NEEDED), Length(max=200)]
    )
    heading = LineField(_l("Title of the certificate"), [InputRequired(_NEEDED), Length(max=120)])
    lead = LineField(_l("Words above the name"), [Length(max=200)])
    words = TextField(
        _l("Words below the name"),
        [InputRequired(_NEEDED), Length(max=600)],
        description=_l("{prize}, {contest}, {round} and {division} are filled in."),
    )
    place = LineField(_l("Place of issue"), [Length(max=80)])
    signer_role = LineField(_l("Office of who signs"), [Length(max=120)])
    signer_name = LineField(_l("Name of who signs"), [Length(max=120)])
    logo = FileField(_l("Logo of the unit"), description=_l("PNG or JPEG, up to 3 MB."))
    signature = FileField(
        _l("Picture of the signature"), description=_l("PNG or JPEG, up to 3 MB.")
    )

    def fill(
        self, kind: CertificateKind, design: CertificateDesign | None, issuer: tuple[str, str]
    ) -> None:
        """Show the design there is, or the usual one."""
        if design is not None:
            for name in DesignValues.__slots__:
                self[name].data = getattr(design, name)
            self.layout.data = design.layout.value
            return
        layout, heading, lead, words = USUAL[kind]
        self.layout.data, self.heading.data = layout.value, heading
        self.lead.data, self.words.data = lead, words
        self.above.data, self.issuer.data = issuer
        self.signer_role.data = "Trưởng Ban Tổ chức"

    def values(self) -> DesignValues:
        """What was typed."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in DesignValues.__slots__}
        return DesignValues(**{**texts, "layout": CertificateLayout(self.layout.data)})

    def picture(self, name: str) -> CleanPicture | None:
        """A picture that was brought, drawn anew; None where there is none.

        Raises:
            BadFile: it is no picture, or too large.
        """
        brought = self[name].data
        if not brought or not brought.filename:
            return None
        content = brought.read(_PICTURE_BYTES + 1)
        if len(content) > _PICTURE_BYTES:
            raise BadFile("too_large", _l("The picture is larger than 3 MB."))
        return read_picture(content)


class RevokeCertificateForm(BaseForm):
    """Why a certificate is taken back; everybody who verifies it reads this."""

    reason = TextField(_l("Reason"), [InputRequired(_l("Write the reason.")), Length(max=1_000)])
