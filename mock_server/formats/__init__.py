"""How values are spelt: GUIDs, timestamps, trace contexts, strict JSON. Standard library only."""
