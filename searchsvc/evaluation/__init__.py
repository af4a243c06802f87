"""How good is the search? Measured on judged collections, expectations and tables of stems."""
