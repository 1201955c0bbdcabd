"""Host names and addresses: loopback or not."""

import ipaddress


def is_loopback(host: str) -> bool:
    """
    Tell whether *host*, a name or an IP address without brackets, is this machine itself.

    `localhost` and all below it are, in any letter case and with or without a final dot; nothing
    is looked up.

    Source: RFC 6761 section 6.3, RFC 4291 section 2.5.3.
    """
    name = host.lower().rstrip(".")
    if f".{name}".endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
