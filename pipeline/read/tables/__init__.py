"""Tables, ruled or not, over cells, rows and pages."""
