"""Tables as DMN 1.3, out and in: the subset that means the same on both sides."""

from .exporting import to_dmn
from .importing import Imported, read_dmn
from .xml import DMNRefused

__all__ = ["DMNRefused", "Imported", "read_dmn", "to_dmn"]
