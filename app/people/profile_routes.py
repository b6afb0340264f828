"""One's own profile: the photo, a few words, what one is good at, language, and who sees the contacts."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.locale import language, speak_anew
from app.media import media
from app.people import profiles
from app.people.models import Person
from app.people.people_forms import ProfileForm, StrengthForm
from app.pictures import square

bp = Blueprint("profile", __name__)


@bp.get("/profile")
def show() -> ResponseReturnValue:
    """Show the own profile with everything that can be changed on it."""
    person = _myself()
    return _page(person)


@bp.post("/profile")
def save() -> ResponseReturnValue:
    """Keep what the person says of himself."""
    person, form = _myself(), ProfileForm()
    if not form.validate_on_submit():
        return _page(person, form, status=422)
    profiles.describe(person, form.about.data, form.locale.data, form.shows_phone.data, form.shows_email.data)
    db.session.commit()
    speak_anew()
    flash(_("Saved."), "good")
    return hx.go("/profile")


@bp.post("/profile/photo")
def change_photo() -> ResponseReturnValue:
    """Show another photo of oneself; the picture is cut before the transaction begins."""
    try:
        upload = request.files.get("photo")
        if upload is None or not upload.filename:
            raise Refused(_("Choose a photo first."))
        files = square(cast(BinaryIO, upload.stream))
    except Refused as refused:
        with reading():
            return _page(_myself(), status=422, photo_error=str(refused))
    profiles.change_photo(db.session.get_one(Person, current_user.id), files)
    db.session.commit()
    flash(_("Your photo is changed."), "good")
    return hx.go("/profile")


@bp.post("/profile/photo/remove")
def remove_photo() -> ResponseReturnValue:
    """Take one's own photo away."""
    profiles.remove_photo(db.session.get_one(Person, current_user.id), current_user.id)
    db.session.commit()
    flash(_("Your photo is taken away."), "good")
    return hx.go("/profile")


@bp.get("/profile/strengths")
def strengths() -> ResponseReturnValue:
    """Offer what colleagues call the strength that one begins to type."""
    return hx.fragment("profile/_completions.html", names=profiles.completions(request.args.get("strength", "")))


@bp.post("/profile/strengths")
def add_strength() -> ResponseReturnValue:
    """Add something one is good at."""
    person, form = _myself(), StrengthForm()
    try:
        if form.validate_on_submit():
            profiles.add_strength(person, form.strength.data)
            db.session.commit()
            return _strengths(person)
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    template = "profile/_strengths.html" if hx.is_fragment() else "profile/show.html"
    return _page(_myself(), strength_form=form, status=422, template=template)


@bp.post("/profile/strengths/<int:strength_id>/remove")
def drop_strength(strength_id: int) -> ResponseReturnValue:
    """Take one of one's own strengths away; somebody else's is left alone."""
    person = _myself()
    profiles.drop_strength(person, strength_id)
    db.session.commit()
    return _strengths(person)


@bp.get("/people/<int:person_id>/photo/<name>-<int:size>.webp")
def photo(person_id: int, name: str, size: int) -> ResponseReturnValue:
    """Answer a photo of somebody, to be kept by the browser for good: another photo has another name."""
    key = profiles.photo_file(person_id, name, size) or abort(404)
    try:
        answer = Response(media().get(key), content_type="image/webp")
    except FileNotFoundError:
        abort(404)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _myself() -> Person:
    return db.session.scalars(profiles.shown(current_user.id)).one()


def _page(
    person: Person,
    form: ProfileForm | None = None,
    strength_form: StrengthForm | None = None,
    status: int = 200,
    photo_error: str = "",
    template: str = "profile/show.html",
) -> ResponseReturnValue:
    if form is None:
        form = ProfileForm(None, obj=person)
        form.locale.data = person.locale or language()
    return hx.page(
        template,
        status=status,
        person=person,
        form=form,
        photo_error=photo_error,
        strength_form=strength_form or StrengthForm(None),
        suggestions=profiles.suggestions(person),
        limit=profiles.MAX_STRENGTHS,
    )


def _strengths(person: Person) -> ResponseReturnValue:
    """Answer the changed list: as a fragment, or with the page it belongs to."""
    if hx.is_fragment():
        return _page(person, template="profile/_strengths.html")
    return hx.go("/profile#strengths")
