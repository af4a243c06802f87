"""What only Whoosh needs: its table of contents, segments, lock and codec."""
