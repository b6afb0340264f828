"""Small programs for those who work on Ritm; nothing here runs in production."""
