"""Whole lists: candidates, a shop's rules, what is left out, scores as they are told, reasons."""
