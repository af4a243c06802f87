"""Does the search answer as a reader would want?

A judged collection says which article answers a query. It does not cover false hits, the total, the
order by date, notes and suggestions. Expectations do: each row is run through the service's own
path, and every property it states either holds or is reported with what was seen instead.
"""
