from .corrections import declare_correction, way_of
from .registry import CLASSES, declare, declared_fields

__all__ = ["CLASSES", "declare", "declare_correction", "declared_fields", "way_of"]
