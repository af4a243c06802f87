"""Who may do what? Keys made of one master key, what each allows, and who gets in without one."""
