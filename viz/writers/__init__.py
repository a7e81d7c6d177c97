"""What writes a drawing down: SVG, and from it PNG; DOT text of the whole graph."""
