"""What Schemathesis is given, and what is made of the exchanges that it records."""
