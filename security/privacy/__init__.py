from .corrections import declare_correction, way_of
from .registry import CLASSES, declare, declare_office, declared_fields, is_of_office

__all__ = [
    "CLASSES",
    "declare",
    "declare_correction",
    "declare_office",
    "declared_fields",
    "is_of_office",
    "way_of",
]
