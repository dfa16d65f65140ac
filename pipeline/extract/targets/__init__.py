"""Which numbers somebody must reach, and what they are about."""
