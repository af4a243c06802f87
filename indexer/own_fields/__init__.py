"""Which fields of its own does a site declare, and what may be asked of each?"""
