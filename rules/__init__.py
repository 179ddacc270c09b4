"""Pure functions and plain classes that services and loaders share: who may see what, what is valid, what is wrong."""
