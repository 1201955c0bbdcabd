"""Recordings: what is written of an exchange, what is not, and what is told."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.testing.mock_server import MockServer, SandboxControl
from tests.conftest import TTD_ORDER
from tests.support.eventually import eventually
from tests.support.recordings import recording
from tests.support.wire_cases import Script, scripted

BASE = "/notifications/api/v1"
CREATE = "altinn:serviceowner/notifications.create"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where to record to."""
    return tmp_path / "recording.har"


def bearer(mock: SandboxControl, **more: Any) -> dict[str, str]:
    """Return the header of a caller."""
    return {"Authorization": f"Bearer {mock.token(**more)}"}


def test_an_entry_has_what_was_asked_and_answered(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    order = {"subject": "s", "body": "æ", "recipients": [{"emailAddress": "a@example.com"}]}

    with recording(mock.url, file) as recorded:
        url = f"{recorded.base_url}/orders/email?a=b%20c"
        answer = http.post(url, headers=bearer(mock), json=order)

    (entry,) = recorded.entries
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", f"{mock.base_url}/orders/email?a=b%20c")
    assert request["queryString"] == [{"name": "a", "value": "b c"}]
    assert json.loads(request["postData"]["text"]) == order
    assert (response["status"], response["statusText"]) == (202, "Accepted")
    assert response["content"]["text"] == answer.text
    assert response["redirectURL"] == answer.headers["Location"]
    assert entry["startedDateTime"].endswith("Z")
    assert entry["time"] == pytest.approx(sum(entry["timings"].values()))
    assert recorded.log["version"] == "1.2"


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({}, ("bearer", "ttd", [CREATE], True)),
        ({"org": "digdir", "scope": "b a"}, ("bearer", "digdir", ["a", "b"], True)),
        ({"preset": "expired"}, ("bearer", "ttd", [CREATE], False)),
        ({"preset": "badSignature"}, ("bearer", "ttd", [CREATE], False)),
        ({"preset": "noOrg"}, ("bearer", None, [CREATE], True)),
        ({"kind": "platform"}, ("platform", "ttd", [], True)),
        ({"kind": "platform", "preset": "notYetValid"}, ("platform", "ttd", [], False)),
    ],
)
def test_of_a_token_its_organisation_scopes_and_validity_are_kept(
    mock: SandboxControl, http: httpx.Client, file: Path, asked: Any, note: tuple[Any, ...]
) -> None:
    token = mock.token(**asked)
    is_platform = asked.get("kind") == "platform"
    headers = (
        {"PlatformAccessToken": token} if is_platform else {"Authorization": f"Bearer {token}"}
    )

    with recording(mock.url, file) as recorded:
        http.get(f"{recorded.base_url}/orders/{TTD_ORDER}", headers=headers)

    (kept,) = recorded.entries[0]["_tokens"]
    assert (kept["kind"], kept["org"], kept["scopes"], kept["held"]) == note
    assert kept["header"] in headers
    assert token.split(".")[1] not in file.read_text()


def test_a_token_in_a_cookie_is_noted(mock: SandboxControl, http: httpx.Client, file: Path) -> None:
    cookie = {"Cookie": f"a=b; AltinnStudioRuntime={mock.token()}"}

    with recording(mock.url, file) as recorded:
        http.get(f"{recorded.base_url}/orders/{TTD_ORDER}", headers=cookie)

    assert recorded.entries[0]["_tokens"][0]["header"] == "Cookie"
    assert {"name": "Cookie", "value": "[redacted]"} in recorded.entries[0]["request"]["headers"]


def test_a_forged_platform_token_beside_a_good_token_did_not_hold(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    claims = base64.urlsafe_b64encode(b'{"iss": "digdir", "urn:altinn:app": "x"}').decode()
    forged = {"PlatformAccessToken": f"eyJhbGciOiJSUzI1NiJ9.{claims}.AAAA", **bearer(mock)}

    with recording(mock.url, file) as recorded:
        answer = http.get(f"{recorded.base_url}/orders/{TTD_ORDER}", headers=forged)

    platform, own = recorded.entries[0]["_tokens"]
    assert answer.status_code == 200
    assert (platform["org"], platform["held"], own["held"]) == ("digdir", False, True)


def test_no_secret_is_in_the_file_nor_told(
    server: MockServer, http: httpx.Client, file: Path
) -> None:
    secrets = {name: f"S3cret-{name}-{index}" for index, name in enumerate("abcdefghijk")}
    token = server.token()
    sas = "https://x.blob.core.windows.net/c/f.pdf?sr=b&sp=r&se=2031-01-01&sig="

    with recording(server.url, file) as recorded:
        http.post(
            f"{recorded.url}/token?code={secrets['a']}",
            data={"grant_type": "x", "assertion": token, "client_secret": secrets["b"]},
            headers={
                "Cookie": f"session={secrets['c']}",
                "Ocp-Apim-Subscription-Key": secrets["d"],
            },
        )
        http.get(
            f"{recorded.url}/api/GetEnterpriseToken?env=tt02&password={secrets['e']}",
            auth=("user", secrets["f"]),
            headers={"X-Mock-Control-Token": secrets["g"]},
        )
        http.post(f"{recorded.url}/__mock/tokens", json={"org": "ttd"})
        http.post(
            f"{recorded.base_url}/orders/email?access_token={secrets['h']}&emailAddress={token}",
            json={"sasUrl": sas + secrets["i"], "body": f"Bearer {token}", "apiKey": secrets["j"]},
        )
        http.post(
            f"{recorded.base_url}/orders/email",
            content=f'{{"password": "{secrets["k"]}", broken'.encode(),
            headers={"Content-Type": "application/json"},
        )

    assert len(recorded.entries) == 5
    written = file.read_text() + "\n".join(recorded.told)
    basic = base64.b64encode(f"user:{secrets['f']}".encode()).decode()
    found = [one for one in (*secrets.values(), *token.split("."), basic) if one in written]
    assert found == []
    assert sas in json.loads(recorded.entries[3]["request"]["postData"]["text"])["sasUrl"]


def test_personal_data_is_replaced_alike_everywhere(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    order = {
        "notificationChannel": "EmailPreferred",
        "emailTemplate": {"subject": "To kari.nordmann@altinn.no", "body": "Hello"},
        "smsTemplate": {"body": "Call +4798765432"},
        "sendersReference": "16069412345",
        "recipients": [
            {"emailAddress": "Kari.Nordmann@altinn.no", "mobileNumber": "+4798765432"},
            {"nationalIdentityNumber": "16069412345"},
            {"emailAddress": "ola@altinn.no"},
            {"emailAddress": "bounced@altinn.no"},
        ],
    }

    with recording(mock.url, file) as recorded:
        base, headers = recorded.base_url, bearer(mock)
        answer = http.post(f"{base}/orders", headers=headers, json=order)
        assert answer.status_code == 202, answer.text
        made = answer.json()["orderId"]
        http.get(f"{base}/orders?sendersReference=16069412345", headers=headers)
        http.get(f"{base}/orders/{made}", headers=headers)

    text = file.read_text()
    assert [one for one in ("altinn.no", "98765432", "16069412345") if one in text] == []
    sent = json.loads(recorded.entries[0]["request"]["postData"]["text"])
    kari, phone, number = "person-1@example.com", "+4740000001", "99000000001"
    assert sent["emailTemplate"]["subject"] == f"To {kari}"
    assert sent["smsTemplate"]["body"] == f"Call {phone}"
    assert sent["sendersReference"] == number
    assert sent["recipients"] == [
        {"emailAddress": kari, "mobileNumber": phone},
        {"nationalIdentityNumber": number},
        {"emailAddress": "person-2@example.com"},
        {"emailAddress": "bounced+3@example.com"},
    ]
    assert recorded.entries[1]["request"]["url"].endswith(f"?sendersReference={number}")
    read = json.loads(recorded.entries[2]["response"]["content"]["text"])
    assert read["recipients"][0]["emailAddress"] == kari
    assert read["recipients"][1]["nationalIdentityNumber"] == number


def test_personal_data_is_kept_on_request(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    with recording(mock.url, file, keeps_personal_data=True) as recorded:
        http.get(
            f"{recorded.base_url}/orders?sendersReference=kari@altinn.no", headers=bearer(mock)
        )

    assert "kari@altinn.no" in recorded.entries[0]["request"]["url"]


def answered(file: Path, answer: bytes, request: httpx.Request, **more: Any) -> Any:
    """Record *request* to a server that answers *answer*; return the recording."""
    target = request.url.raw_path
    with (
        scripted({target: Script([answer])}) as server,
        recording(server.url, file, **more) as recorded,
        httpx.Client(timeout=60) as client,
    ):
        url = f"{recorded.url}{target.decode()}"
        client.send(
            client.build_request(
                request.method, url, headers=request.headers, content=request.content
            )
        )
    return recorded


def ok(body: bytes, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    """Return an answer."""
    lines = [b"HTTP/1.1 " + status, *fields, b"Content-Length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


JSON = b"Content-Type: application/json; charset=utf-8"
JSON_TYPE = {"Content-Type": "application/json"}
READ = httpx.Request(
    "GET", f"http://x{BASE}/orders/{TTD_ORDER}/status", headers={"Authorization": "Bearer x"}
)


def test_an_answer_that_breaks_the_contract_is_told_with_its_line(file: Path) -> None:
    recorded = answered(file, ok(b'{"id": "1", "more": true}', JSON), READ)

    line = next(line for line in recorded.told if "body: expected" in line)
    assert line.startswith("answer   GET /orders/{id}/status 200: ")
    assert "openapi.yaml:" in line
    assert "responses/200]" in line
    assert recorded.broken > 0


def test_a_violation_is_told_once_and_counted(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    with recording(mock.url, file) as recorded:
        for _ in range(3):
            http.get(f"{recorded.base_url}/orders/{TTD_ORDER}")

    assert [line.partition(" [")[0] for line in recorded.told] == [
        "request  GET /orders/{id} 401: no credential is sent"
    ]
    assert recorded.broken == 0, "the server refused it, as it should"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("GET", "/order/1", {}), "No operation has the path"),
        (("PATCH", f"/orders/{TTD_ORDER}", {}), "is not a method of this path; send GET"),
        (("GET", "/orders", {}), "'sendersReference' parameter or property was not provided"),
        (("GET", "/orders?sendersReference=a&x=1", {}), "the query parameter 'x' is not in"),
        (("GET", "/orders/1337", {}), "the parameter 'id' is wrong: The value '1337' is not valid"),
        (("POST", "/orders/email", {}), "the body is missing"),
        (("POST", "/orders/email", {"content": b"{}"}), "Content-Type is missing; send appl"),
        (("POST", "/orders/email", {"json": {"subject": "s"}}), "$: 'body' is a required property"),
        (("POST", "/orders/email", {"json": {"Body": 1}}), "$.body: 1 is not of type 'string'"),
        (
            ("POST", "/orders/email", {"content": b"{", "headers": JSON_TYPE}),
            "body is not JSON: ",
        ),
    ],
)
def test_a_request_that_breaks_the_contract_is_told(
    mock: SandboxControl, file: Path, asked: tuple[str, str, dict[str, Any]], told: str
) -> None:
    method, path, more = asked
    headers = bearer(mock) | more.get("headers", {})
    with recording(mock.url, file) as recorded:
        httpx.request(
            method, f"{recorded.base_url}{path}", **{**more, "headers": headers}, timeout=60
        )

    assert [line for line in recorded.told if told in line and line.startswith("request  ")]


def test_a_bad_request_that_is_accepted_counts_against_the_server(file: Path) -> None:
    recorded = answered(
        file,
        ok(
            b'{"orderId": "11111111-1111-4111-8111-111111111111"}',
            JSON,
            b"Location: http://x/y",
            status=b"202 Accepted",
        ),
        httpx.Request(
            "POST", f"http://x{BASE}/orders/email", json={}, headers={"Authorization": "Bearer x"}
        ),
    )

    assert recorded.broken == 3, "subject, body and recipients are missing"


def test_the_live_dialect_is_judged_as_such(file: Path) -> None:
    refused = ok(b"", status=b"401 Unauthorized")

    assert answered(file, refused, READ, dialect="live").told == []
    assert "401" in "".join(answered(file, refused, READ).told)


def test_what_is_not_of_the_api_is_recorded_and_not_judged(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    with recording(mock.url, file) as recorded:
        http.get(f"{recorded.url}/__mock/nowhere")
        http.get(f"{recorded.url}/favicon.ico")

    assert len(recorded.entries) == 2
    assert recorded.told == []


def test_bytes_that_are_no_text_are_kept_in_base64(file: Path) -> None:
    body = bytes(range(256))
    request = httpx.Request("POST", f"http://x{BASE}/orders", content=body)

    (entry,) = answered(file, ok(body), request).entries

    sent, got = entry["request"]["postData"], entry["response"]["content"]
    assert (sent["_encoding"], base64.b64decode(sent["text"])) == ("base64", body)
    assert (got["encoding"], base64.b64decode(got["text"])) == ("base64", body)


def test_a_packed_answer_is_kept_unpacked_and_judged(file: Path) -> None:
    packed = gzip.compress(b'{"id": "1"}')

    recorded = answered(file, ok(packed, JSON, b"Content-Encoding: gzip"), READ)

    response = recorded.entries[0]["response"]
    assert response["content"]["text"] == '{"id": "1"}'
    assert (response["bodySize"], response["content"]["size"]) == (len(packed), 11)
    assert any("is a required property" in line for line in recorded.told)


def test_an_exchange_that_breaks_off_is_kept_with_a_comment(file: Path) -> None:
    with (
        scripted({b"/x": Script([], then="close")}) as server,
        recording(server.url, file) as recorded,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        httpx.get(f"{recorded.url}/x", timeout=60)

    assert recorded.entries[0]["response"]["status"] == 0
    assert recorded.entries[0]["comment"] == "the connection was closed without an answer"
    assert recorded.told == [
        f"line     GET {server.url}/x: the connection was closed without an answer"
    ]


def test_an_answer_nested_too_deep_harms_nobody(file: Path) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000

    recorded = answered(file, ok(deep, JSON), READ)

    assert len(recorded.entries) == 1


def test_the_file_is_whole_whenever_it_is_read(
    mock: SandboxControl, http: httpx.Client, file: Path
) -> None:
    with recording(mock.url, file) as recorded:
        assert recorded.entries == []
        for count in range(1, 4):
            http.get(f"{recorded.base_url}/orders/{TTD_ORDER}", headers=bearer(mock))
            eventually(lambda count=count: len(recorded.entries) == count)  # type: ignore[misc] # bound

    assert [*file.parent.iterdir()] == [file], "nothing is left beside it"


def test_a_link_is_followed_and_stays(mock: SandboxControl, tmp_path: Path) -> None:
    target, link = tmp_path / "target.har", tmp_path / "link.har"
    target.write_text("old")
    link.symlink_to(target)

    with recording(mock.url, link):
        pass

    assert link.is_symlink()
    assert json.loads(target.read_text())["log"]["entries"] == []
