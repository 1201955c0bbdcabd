"""Service owners: the short names of organisations that Altinn knows as such."""

DEFAULT_ORG = "ttd"
"""Whoever is not in the table: the test department, whose orders a sandbox starts with."""

SERVICE_OWNERS = {
    "991825827": "ttd",
    "974760673": "brg",
    "974761211": "dat",
    "983544622": "hdir",
    "971040238": "kv",
    "889640782": "nav",
    "974761076": "skd",
    "971526920": "ssb",
    "971032081": "svv",
    "880455702": "tad",
    "970018131": "udir",
}
"""
Organisation number to short name, as in Altinn's register but for the first.

That is the agency which runs Altinn, `digdir` unless it asks for `ttd`; here it always is `ttd`.

Source: Altinn/altinn-cdn orgs/altinn-orgs.json.
"""


def org_of(organisation: str) -> str:
    """Return the short name of the *organisation* with this number."""
    return SERVICE_OWNERS.get(organisation, DEFAULT_ORG)
