"""What stores articles and answers queries. ``base`` is the seam; each engine is a package."""
