"""The page: one file in which a graph can be asked why a gradient is what it is."""

from viz.page.film import Film, film
from viz.page.make import page
from viz.page.page import Page

__all__ = ["Film", "Page", "film", "page"]
