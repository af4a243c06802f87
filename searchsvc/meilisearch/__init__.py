"""The protocol of Meilisearch, for its clients, served at the root.

``docs/meilisearch.md`` says what of it is here, and what is not.
"""
