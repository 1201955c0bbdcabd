"""Random requests as bytes, most of them plain and the rest odd in one way or another."""

import random
from collections.abc import Callable
from datetime import timedelta

from mock_server.auth.tokens import MASKINPORTEN_KEY_ID, DevelopmentKey, Kind, Preset, TokenRequest
from mock_server.domain.clock import wall_now
from tests.support.express_orders import ORDER_IDS

BASE = "/notifications/api/v1"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PLAIN = (
    *[("PUT", "/orders/{id}/cancel")] * 5,
    *[("GET", "/orders/{id}/status")] * 4,
    *[("GET", "/orders/{id}")] * 3,
    ("GET", "/orders/{id}/notifications/email"),
    ("GET", "/orders/{id}/notifications/sms"),
)
OTHER = (
    *[("GET", f"/orders?sendersReference={name}") for name in ("one", "two", "none", "", "%20")],
    *[("GET", path) for path in ("/orders", "/nowhere", "/openapi.yaml", "/ui", "/orders/")],
    *[("HEAD", "/orders/{id}"), ("HEAD", "/orders/{id}/status"), ("OPTIONS", "/orders/{id}")],
    *[("PUT", "/order/{id}/cancel"), ("PUT", "/orders/{id}"), ("GET", "/orders/{id}/cancel")],
    *[("POST", "/trigger/pastdueorders"), ("POST", "/trigger/sendemail"), ("POST", "/orders")],
    *[("put", "/orders/{id}/cancel"), ("DELETE", "/orders/{id}"), ("GET", "/orders/{id}/statu")],
)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    lambda text: text.replace("-", ""),
    lambda text: f"%7B{text}%7D",
    lambda text: f"%20{text}",
    lambda text: text[:-1],
    lambda text: f"{text}0",
    lambda text: text.replace("1", "%31"),
    lambda _text: "1337",
    lambda text: text.replace("-", "_"),
)
TWISTS: tuple[Callable[[str], str], ...] = (
    lambda path: path.replace("orders", "Orders"),
    lambda path: path.replace("api", "API"),
    lambda path: f"{path}/",
    lambda path: f"{path}//",
    lambda path: path.replace("/orders", "//orders"),
    lambda path: path.replace("/orders", "/./orders"),
    lambda path: path.replace("/orders", "/x/../orders"),
    lambda path: path.replace("orders", "%6Frders"),
    lambda path: path.replace("/v1/", "/v1%2F"),
    lambda path: f"{path}?a=b",
    lambda path: f"{path}?",
    lambda path: f"{path}?sendersReference=one",
    lambda path: f"http://mock.example{path}",
    lambda path: f"{path}%00",
    lambda path: f"{path}%ff",
    lambda path: f"{path}#x",
    lambda path: path.replace("1", "2"),
)
MORE = (
    *["Prefer: code=404", "Prefer: delay=1", "prefer: wait=10", "Prefer: code=x"],
    *["Cookie: a=b", "Expect: 100-continue", "Upgrade: h2c", "Origin: http://page.example"],
    *["Connection: close", "Connection: Close", "Connection: Upgrade\r\nUpgrade: h2c"],
    *["Connection: keep-alive, x", "Content-Length: 0\r\nContent-Length: 0", "Content-Length: x"],
    *["X-Forwarded-Proto: https", "X-Forwarded-For: 10.0.0.1", "Forwarded: proto=https"],
    *[
        "X-Odd: \xe9",
        "X-Tab: a\tb",
        "X-Empty:",
        "Bad Name: x",
        "X-Null: \0",
        ": x",
        "X-Fold: a\r\n b",
    ],
    *["X-Mock-Control-Token: x", "Content-Type: text/plain", "Transfer-Encoding: identity"],
    *["X-Http-Method-Override: DELETE", f"X-Long: {'a' * 900}", f"X-Longer: {'a' * 9000}"],
    *["Host: other.example", "traceparent: x\r\ntraceparent: y", "Accept: a\r\nAccept: b"],
)
USUAL = (
    *["User-Agent: test/1", "Accept-Encoding: gzip, deflate", "Connection: keep-alive"],
    *["Content-Length: 0", "Content-Type: application/json", "Accept-Language: nb,en;q=0.5"],
    *["Connection: Keep-Alive", "X-Request-Id: 7", "user-AGENT:\t test  "],
)
ACCEPTS = (
    *["*/*", "application/json", "application/problem+json", "text/html", "", "a;q=x,,b"],
    *["application/problem+json;q=0.5, */*;q=0.1", "application/problem+json, application/json"],
    *["application/json;q=0.9, application/problem+json;q=0.2", "APPLICATION/PROBLEM+JSON"],
)
TRACES = (f"00-{TRACE}-00f067aa0ba902b7-00", f"00-{TRACE}-00f067aa0ba902b7-01", "x", "")


def credentials(key: DevelopmentKey) -> tuple[list[str], list[str]]:
    """Return the header lines of credentials: the usual ones, then the others."""

    def mint(kind: Kind = Kind.BEARER, preset: Preset = Preset.VALID, **more: str) -> str:
        lifetime = timedelta(days=1)
        request = TokenRequest(kind=kind, preset=preset, expires_in=lifetime, **more)
        return key.mint(request, wall_now()).token

    ttd, digdir = mint(), mint(org="digdir")
    platform, other = mint(Kind.PLATFORM), mint(Kind.PLATFORM, org="digdir")
    expires = int((wall_now() + timedelta(days=1)).timestamp())
    maskinporten = key.sign({"exp": expires, "scope": "x"}, MASKINPORTEN_KEY_ID)
    bad = [mint(preset=preset) for preset in Preset if preset is not Preset.VALID]
    bad += [maskinporten, platform, "x", "a.b.c", key.sign({"exp": expires}), key.sign({})]
    bad += [mint(Kind.PLATFORM, Preset.EXPIRED), mint(Kind.PLATFORM, org="not ok"), f"{ttd}x"]
    usual = [f"Authorization: Bearer {ttd}"] * 6 + [f"PlatformAccessToken: {platform}"] * 3
    usual += [f"Authorization: Bearer {digdir}", f"PlatformAccessToken: {other}"]
    odd = ["", "Authorization: Basic eDp5", "Authorization:", "PlatformAccessToken:"]
    odd += [f"Authorization: bearer  {ttd}", f"Authorization: {ttd}", "Authorization: Bearer"]
    odd += [f"Cookie: AltinnStudioRuntime={ttd}", f"Cookie: x=y; AltinnStudioRuntime={bad[0]}"]
    odd += [f"{one}\r\n{two}" for one in usual[5:7] for two in usual[8:]]
    odd += [f"Authorization: Bearer {token}" for token in bad]
    odd += [f"PlatformAccessToken: {token}" for token in (*bad, ttd)]
    odd += [f"Authorization: Bearer {bad[0]}\r\nPlatformAccessToken: {platform}"] * 2
    odd += [f"Authorization: Bearer {ttd}\r\nPlatformAccessToken: {token}" for token in bad[:9]]
    return usual, odd


class Requests:
    """Draws requests by *rng*."""

    def __init__(self, rng: random.Random, key: DevelopmentKey) -> None:
        """Have tokens signed by *key*."""
        self._rng = rng
        self._usual, self._odd = credentials(key)

    def draw(self) -> tuple[bytes, ...]:
        """Return the next one, in the pieces in which it arrives."""
        rng = self._rng
        data = self._head().encode("latin-1")
        if rng.random() < 0.03:
            data += self._head().encode("latin-1")
        if rng.random() < 0.01:
            data = data.replace(b"\r\n", b"\n")
        if rng.random() < 0.01:
            data = data.replace(b"HTTP/1.1", rng.choice((b"HTTP/1.0", b"HTTP/2.0", b"http/1.1")))
        if rng.random() < 0.1:
            place = rng.randrange(1, len(data))
            return data[:place], data[place:]
        return (data,)

    def _head(self) -> str:
        rng = self._rng
        lines = [self._line(), "Host: mock.example:8080"]
        lines.append(rng.choice(self._usual if rng.random() < 0.8 else self._odd))
        if rng.random() < 0.2:
            lines.append(f"Accept: {rng.choice(ACCEPTS)}")
        if rng.random() < 0.2:
            lines.append(f"traceparent: {rng.choice(TRACES)}")
        lines += rng.sample(USUAL, rng.randrange(3)) if rng.random() < 0.5 else []
        if rng.random() < 0.12:
            lines.append(rng.choice(MORE))
        if rng.random() < 0.02:
            lines[1] = rng.choice(("", "Host:", "Host: a b", "Host: h:99999", "host: [::1]:80"))
        body = "{}" if rng.random() < 0.04 else ""
        if body:
            chunked = ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")
            line, body = rng.choice((("Content-Length: 2", "{}"), chunked))
            lines.append(line)
        first, *others = lines
        rng.shuffle(others)
        return "\r\n".join([first, *filter(None, others), "", body])

    def _line(self) -> str:
        rng = self._rng
        method, path = rng.choice(PLAIN if rng.random() < 0.85 else OTHER)
        id_ = rng.choice(ORDER_IDS)
        if rng.random() < 0.06:
            id_ = rng.choice(SPELLINGS)(id_)
        path = BASE + path.replace("{id}", id_)
        if rng.random() < 0.06:
            path = rng.choice(TWISTS)(path)
        names = ["", "", "", "/__sandbox/two", "/__sandbox/two"]
        if rng.random() < 0.03:
            names = ["/__sandbox/new", "/__sandbox/..", "/__SANDBOX/two", "/__sandbox/a%20b"]
        return f"{method} {rng.choice(names)}{path} HTTP/1.1"
