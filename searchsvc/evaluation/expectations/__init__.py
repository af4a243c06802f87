"""Does the search answer as a reader would want?

A judged collection says which article answers a query. It is blind to what is wrongly found, to
the total, to the order by date, to notes and to suggestions. Expectations say these: each row is
asked on the path of the service, and every property it wants holds, or is told with what was seen
instead.
"""
