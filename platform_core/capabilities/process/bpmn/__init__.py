"""BPMN 2.0 export: a process as a standard diagram that other tools draw and run."""

from .xml import bpmn_of

__all__ = ["bpmn_of"]
