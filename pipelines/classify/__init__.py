"""Anyone's own classes: one for each text, or several."""
