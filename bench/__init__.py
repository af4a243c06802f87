"""Benchmarks against peers: the same articles, stems and queries for every engine, in one run.

``python -m bench run`` measures and prints; ``python -m bench --help`` lists the rest. How, and
what is fair about it: ``docs/benchmarks.md``.
"""
