"""Letters and numbers off pictures: read, and read again where that is in doubt."""
