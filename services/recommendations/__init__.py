"""Recommendations: follows what users do, and scores what they will care for."""
