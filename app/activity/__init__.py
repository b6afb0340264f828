"""What took place, said once: features state it with `record`, whoever cares listens to `happened`.

Both run inside the act's own transaction: a receiver that fails rolls the whole act back, so that points, notices and
counts can never disagree with what they follow from. Receivers are module-level functions (a signal keeps only weak
references) connected in their package's `init_app`. `grep 'record("'` lists the acts, `grep happened.connect` the reactions.
"""

from app.activity.models import Activity, happened, looked, record

__all__ = ["Activity", "happened", "looked", "record"]
