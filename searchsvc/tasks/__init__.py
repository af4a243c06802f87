"""What was ordered over HTTP, and what became of it? A durable queue, and the one who works on it.

A request puts a task into the queue and may go; the one process that drains the queue does what was
ordered, in order. See docs/http-api.md.
"""
