"""What a job title means for the portal: director, senior, seller, intern, or somebody who is none of these."""

from __future__ import annotations

import re
from functools import lru_cache

from app.people.names import fold
from app.people.permissions import Position

_OF_STORE = r"магаз|салон|тт\b|тц\b|филиал"
_LEADER = r"(директор|управляющ|заведующ|руководител|начальник)"
# Somebody who leads something else than a store, or helps somebody who does.
_OTHER_LEADERS = (
    r"(генеральн|финансов|коммерческ|исполнительн|технич|творческ|регионал|территориал|операцион|арт-)\w*\.? "
    r"*(директор|управляющ|менеджер)"
)
_OTHER_UNITS = (
    r"(директор|управляющ\w+|заведующ\w+|начальник|руководитель)\b.* (по|склад\w*|отдел\w*|сет[иья]\w*|служб\w*|"
    r"департамент\w*|региона?|групп\w*|производств\w*|персонал\w*|хозяйств\w*|проект\w*|направлени\w*)\b"
)
_DIRECTORS = (
    r"директор|управляющ|завмаг|заведующ\w+( магазин\w*| салон\w*|$)|(начальник|руководитель) (магазин|салон|тт|тц|торгов)|"
    r"(store|shop) (manager|director)"
)
_SENIORS = (
    r"(\bст\b\.?|старш|главн|ведущ|senior|lead)[\w.]*.*(продав|консульт|касс|смен|sales|seller|consultant|assistant)|"
    r"(продав|консульт|касс)\w*.*(старш|ведущ|\bст\b)|"
    r"(?<!системный )администратор( магазин| салон| торгов| зал| смен|$)|старший смены|shift (lead|manager)"
)
_SELLERS = r"продав|консультант|кассир|sales (assistant|consultant|associate)|\bseller\b|shop assistant|cashier"
# The first pattern that fits decides; later ones see only what the earlier ones left.
_RULES = (
    (r"стаж(ер|ир)|ученик|практикант|\bintern\b|\btrainee\b", Position.INTERN),
    (rf"(\bзам|помощ|ассистент)[\w.]* *{_LEADER}\w* *({_OF_STORE})", Position.SENIOR),
    (rf"^(зам|помощ)[\w.]* *{_LEADER}\w*$", Position.SENIOR),
    (r"помощник продавца", Position.SELLER),
    (r"\bзам\w*|\bпомощ\w*|ассистент|секретар|водител|референт", Position.OTHER),
    (_OTHER_LEADERS, Position.OTHER),
    (_OTHER_UNITS, Position.OTHER),
    (_DIRECTORS, Position.DIRECTOR),
    (_SENIORS, Position.SENIOR),
    (r"(бизнес|юр\w*|1с|it|ит|налог\w*)[ -]*консультант", Position.OTHER),
    (_SELLERS, Position.SELLER),
)
_COMPILED = tuple((re.compile(pattern), position) for pattern, position in _RULES)
_OFFICE = re.compile(
    r"\b(директор|менеджер|бухгалтер|специалист|администратор|управляющ|заведующ|товаровед|кладовщик|мерчандайзер|уборщи|"
    r"водител|грузчик|охран|маркетолог|дизайнер|аналитик|руководител|начальник|инженер|оператор|программист|экономист|юрист)"
)


@lru_cache(maxsize=4000)
def position_of(title: str) -> Position:
    """Return what a title such as "Ст. продавец" or "Управляющий магазина" is to the portal."""
    folded = fold(title)
    for pattern, position in _COMPILED:
        if pattern.search(folded):
            return position
    return Position.OTHER


def is_title(text: str) -> bool:
    """Tell whether a text looks like a job title of a shop at all; what a column holds is recognised by it."""
    return position_of(text) is not Position.OTHER or bool(_OFFICE.search(fold(text)))
