"""How models are made: prepare, fine-tune, evaluate, export, register."""
