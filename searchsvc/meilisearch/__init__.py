"""The protocol of Meilisearch, for its clients, served at the root.

``docs/meilisearch.md`` lists what is supported, and what is not.
"""
