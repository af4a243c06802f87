"""From what a person typed, or a program asked, to what the engine is asked."""
