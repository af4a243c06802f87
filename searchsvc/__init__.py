"""The service over the library: what a person typed in, hits and facets out."""

__version__ = "0.1.0"
