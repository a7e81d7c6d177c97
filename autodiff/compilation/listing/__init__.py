"""From a Program to the page that a person reads."""
