"""Heads and layers that carry least are taken out of what has learned, and the rest learns on."""
