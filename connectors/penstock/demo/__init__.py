"""A realistic, dirty stream of customer events, and the demonstration that lands it."""
