"""Knowledge from files: JSON Lines, tables and Markdown become passages, or say why they cannot."""
