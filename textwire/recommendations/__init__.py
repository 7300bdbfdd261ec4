"""Recommendations: users as profiles, items as features, lists as scores.

One code for training and serving.
"""
