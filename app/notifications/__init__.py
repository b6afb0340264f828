"""Who hears what: notices in the portal's inbox, gathered into letters and pushes, never twice and never of what was seen.

Says nothing. Hears what took place (comments, mentions, thanks, complaints, decisions); features with news of their own
register a kind and call `tell`.
"""
