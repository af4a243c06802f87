"""How good is it, on judged collections, on expectations, on a table of stems?"""
