"""Documents against the code: what they promise exists, what exists is documented."""
