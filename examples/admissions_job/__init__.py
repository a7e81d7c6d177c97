"""What admissions.py is made of."""
