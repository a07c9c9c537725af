"""What headers ask for: media types, preferences, answers for pages of other origins."""
