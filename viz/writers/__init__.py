"""What writes a drawing down: SVG, DOT, and a tree of text."""
