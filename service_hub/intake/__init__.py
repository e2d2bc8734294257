"""Unified intake (统一收件): officials take applications in at a window or on the phone."""
