"""Judge customer-service transcripts and render a scorecard for each agent."""

__version__ = "0.1.0"
