"""How does a site's content become articles? Readers of formats, and the parser of newswire
copy.
"""
