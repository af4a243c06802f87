"""What may be ordered of articles over our own API: add, change, delete, and delete by a query."""
