"""An order and its life as pure functions: rules, messages, schedule, clock. Standard library."""
