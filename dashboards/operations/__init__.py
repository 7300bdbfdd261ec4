"""Operations: whether every service is well, and what it does."""
