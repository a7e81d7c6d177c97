"""One search for each kind of fault."""
