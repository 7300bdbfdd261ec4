"""Shifts: the tone of a company has fallen and stays down; see docs/shifts.md."""
