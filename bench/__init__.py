"""What the README says of speed, as commands: `./run bench` measures the portal and the floor in one run.

The floor is the smallest honest program that does the same (floor.py). Ratios are what counts: both run on the same machine,
in turn, so that whatever else the machine does meets both.
"""
