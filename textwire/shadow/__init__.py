"""A challenger reads beside the champion: what both say is compared, and not published."""
