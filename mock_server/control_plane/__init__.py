"""The operations of `control.yaml`, below `/__mock`."""
