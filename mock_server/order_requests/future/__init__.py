"""The creates of the modern API: their bodies, their rules, and the requests made of them."""
