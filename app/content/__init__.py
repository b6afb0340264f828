"""The spine of everything published: entries, audiences, comments, reactions, photos, bookmarks, moderation, drafts."""
