"""The stream: what a person's audiences hold, newest first, and plain posts.

Says post.published, post.edited, post.deleted. Hears nothing.
"""
