"""How good it is where no pipeline judges: alerts, stories and how comments are read."""
