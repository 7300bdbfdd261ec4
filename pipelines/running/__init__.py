"""How a run goes: its options, what decides what it makes, its progress, what is left behind."""
