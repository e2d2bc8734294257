from .registry import CLASSES, declare, declared_fields

__all__ = ["CLASSES", "declare", "declared_fields"]
