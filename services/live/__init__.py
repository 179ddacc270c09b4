"""What happens is told to those who follow it live."""
