"""Which fields does a site declare for itself, and what may be asked of each?"""
