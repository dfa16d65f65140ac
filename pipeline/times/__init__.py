"""Times as documents print them: points, spans and periods, and the days that they mean."""
