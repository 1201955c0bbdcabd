"""The operations of the contract: one method per operationId, JSON to domain and back."""
