"""An OpenAPI document: read, resolved, judged, watched."""
