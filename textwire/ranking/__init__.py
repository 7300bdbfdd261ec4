"""Users as profiles, items as features, lists as scores: one code for training and serving."""
