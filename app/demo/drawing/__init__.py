"""Pictures drawn by Pillow alone, for a demo that looks like a store full of glass and owes nobody a photo."""
