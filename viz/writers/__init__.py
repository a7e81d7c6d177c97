"""What writes a drawing down: SVG, and from it PNG."""
