"""Pages in Chromium: what they can do, and what others cannot."""
