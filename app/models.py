"""Every module with tables, imported so that migrations and tests see the whole schema."""

from app import jobs, mail
from app.activity import models as activity_models
from app.announcements import models as announcement_models
from app.content import audience
from app.content import models as content_models
from app.feed import models as feed_models
from app.learning import assign_models, certificate_models, path_models, review_models, scorm_models, task_models
from app.learning import models as learning_models
from app.notifications import models as notification_models
from app.people import absences, access, imports, sessions
from app.people import models as people_models

__all__ = [
    "absences",
    "access",
    "activity_models",
    "announcement_models",
    "assign_models",
    "audience",
    "certificate_models",
    "content_models",
    "feed_models",
    "imports",
    "jobs",
    "learning_models",
    "mail",
    "notification_models",
    "path_models",
    "people_models",
    "review_models",
    "scorm_models",
    "sessions",
    "task_models",
]
