"""Service halls: windows, opening hours, and appointments for them."""
