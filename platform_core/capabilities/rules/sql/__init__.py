"""Rules as filters of the database: `queryset.filter(to_sql(tree, columns, today=day))`."""

from .columns import SqlColumn, in_json, stored
from .compiling import NotInSQL, to_sql

__all__ = ["NotInSQL", "SqlColumn", "in_json", "stored", "to_sql"]
