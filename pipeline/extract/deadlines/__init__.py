"""Time limits: until when something is to be done, and how often."""
