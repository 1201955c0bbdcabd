"""The command `altinn-notifications-mock`."""
