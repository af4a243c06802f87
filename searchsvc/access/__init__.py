"""Who may do what? Keys derived from one master key, what each allows, and what is open without
one.
"""
