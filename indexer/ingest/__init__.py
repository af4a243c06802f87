"""How does what a site has become articles? Readers of formats, and the parser of newswire copy."""
