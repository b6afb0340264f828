"""People, stores and cities; who comes in and how; the staff list. What everything else stands on."""
