#!/bin/sh
# Create an order, cancel it, and see that a second cancel changes nothing.
#   BASE=http://localhost:5090/notifications/api/v1 TOKEN=$(.venv/bin/altinn-notifications-mock token) examples/cancel.sh
set -eu

if [ -z "${BASE:-}" ] || [ -z "${TOKEN:-}" ]; then
    echo "set BASE and TOKEN, as the head of this file shows" >&2
    exit 2
fi

create() {
    curl --silent --show-error --fail-with-body "$BASE/orders/email" \
        --header "Authorization: Bearer $TOKEN" --header 'Content-Type: application/json' \
        --data '{"requestedSendTime": "2100-01-01T12:00:00Z", "subject": "Hello", "body": "Read me.",
                 "recipients": [{"emailAddress": "kari@example.com"}]}'
}

cancel() {
    curl --silent --show-error --fail-with-body --request PUT "$BASE/orders/$1/cancel" \
        --header "Authorization: Bearer $TOKEN"
}

ORDER=$(create | sed -n 's/.*"orderId": "\(.*\)".*/\1/p')
FIRST=$(cancel "$ORDER")
SECOND=$(cancel "$ORDER")
[ "$FIRST" = "$SECOND" ]
echo "$ORDER is cancelled"
