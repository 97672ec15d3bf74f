"""Reading transcripts: one module per export format, and what they share."""
