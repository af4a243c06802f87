"""How does an index stay fresh? By watching folders, feeds and sitemaps for what changes.

Nothing here prints or parses options; the command is :mod:`searchsvc.cli.watching`.
"""
