"""The engine for sites that outgrow one machine: OpenSearch finds and counts.

Import its modules one by one: :mod:`.address` needs no client, :mod:`.engine` does.
"""
