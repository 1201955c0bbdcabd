"""The store of orders: its port, and its adapters."""
