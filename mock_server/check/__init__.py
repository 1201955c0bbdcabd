"""The contract as a judge: checks any server that claims to honour it, over HTTP alone."""
