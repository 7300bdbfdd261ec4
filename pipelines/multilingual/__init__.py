"""A base model that reads Chinese, out of the package that carries it at four bits a weight."""
