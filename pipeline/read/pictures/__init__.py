"""Pictures of pages: measured, cleaned, turned."""
