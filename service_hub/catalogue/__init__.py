"""The unified catalogue (统一事项): what is the same everywhere, and what each organ adds."""
