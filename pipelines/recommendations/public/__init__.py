"""The public figure of recommendations: the next purchase among 3,686 industrial items."""
