"""Who is told to do what."""
