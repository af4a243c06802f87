"""What was requested over HTTP, and what became of it? A durable queue, and its worker.

A request adds a task to the queue and returns; the single process that drains the queue executes
tasks in order. See docs/http-api.md.
"""
