"""The express lane: plain requests answered without the chain. Without it all works, slower."""
