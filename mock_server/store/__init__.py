"""The store of orders: its port, and the adapter that keeps them in memory."""
