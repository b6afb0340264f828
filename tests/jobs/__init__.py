"""Background jobs: nothing lost, nothing twice, whatever dies when."""
