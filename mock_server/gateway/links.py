"""Base URLs of the links in answers."""

from mock_server.sandbox.registry import DEFAULT
from mock_server.settings import BASE_PATH, CONTROL_PATH, SANDBOX_PREFIX, Settings, is_authority


def root_asked_for(settings: Settings, scheme: str, host: str) -> str | None:
    """Return scheme and authority as the setting says, or the field *host*; None: it is none."""
    if settings.public_url is not None:
        return settings.public_url
    return f"{scheme}://{host}" if is_authority(host) else None


def sandbox_url_of(root: str, name: str) -> str:
    """Return the URL of the sandbox *name*, without a slash at its end."""
    return root if name == DEFAULT else f"{root}{SANDBOX_PREFIX}{name}"


def base_url_of(root: str, name: str) -> str:
    """Return the base URL of links into the sandbox *name*."""
    return f"{sandbox_url_of(root, name)}{BASE_PATH}"


def control_url(base_url: str, path: str) -> str:
    """Return the URL of *path* below the control plane of the sandbox that *base_url* is of."""
    return f"{base_url.removesuffix(BASE_PATH)}{CONTROL_PATH}/{path}"
