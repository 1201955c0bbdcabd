"""The workbench: the page in the browser that shows a sandbox and drives its control plane."""
