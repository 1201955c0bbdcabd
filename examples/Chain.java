// A chain of the modern API with the JDK's own HTTP client: token, create, travel, cancel, 409,
// message.
//   MOCK=http://localhost:5090 java examples/Chain.java    (Java 17 or later)
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

public class Chain {
    // A sandbox has orders, a clock and faults of its own, so tests may run at the same time.
    static final String SANDBOX = System.getenv().getOrDefault("MOCK", "http://localhost:5090")
        + "/__sandbox/chain-in-java";
    static final String API = SANDBOX + "/notifications/api/v1";
    static final String CONTROL = SANDBOX + "/__mock";
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        call("POST", CONTROL + "/reset", "", "");
        var token = members("token", call("POST", CONTROL + "/tokens", "{\"org\": \"ttd\"}", "")).get(0);
        var chain = """
            {
              "idempotencyId": "invoice-4711",
              "requestedSendTime": "%s",
              "recipient": %s,
              "reminders": [{"delayDays": 1, "recipient": %s}]
            }""".formatted(
                Instant.now().plus(Duration.ofHours(1)),
                recipient("New invoice"),
                recipient("An invoice awaits you"));
        var created = call("POST", API + "/future/orders", chain, token);
        expect(201, created);
        var shipments = members("shipmentId", created); // the reminder's, then the main order's

        call("POST", CONTROL + "/clock/advance", "{\"duration\": \"PT1H5M\"}", "");

        var late = call("PUT", API + "/orders/" + shipments.get(1) + "/cancel", "", token);
        expect(409, late);
        System.out.println("main order: " + members("title", late).get(0));
        var cancelled = call("PUT", API + "/orders/" + shipments.get(0) + "/cancel", "", token);
        expect(200, cancelled);
        System.out.println("reminder: " + members("status", cancelled).get(0));
        var sent = call("GET", CONTROL + "/messages?recipient=kari@example.com&sent=true", "", "");
        System.out.println("sent: " + members("subject", sent));
    }

    static String recipient(String subject) {
        return """
            {"recipientEmail": {
              "emailAddress": "kari@example.com",
              "emailSettings": {
                "subject": "%s", "body": "Log in to read it.", "sendingTimePolicy": "Anytime"
              }
            }}""".formatted(subject);
    }

    static HttpResponse<String> call(String method, String url, String body, String token)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(10))
            .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    static void expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) throw new AssertionError(answer.statusCode() + " " + answer.body());
    }

    /** Every text that a member of this name has; with a JSON library, use that instead. */
    static List<String> members(String name, HttpResponse<String> answer) {
        return Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(answer.body())
            .results().map(match -> match.group(1)).toList();
    }
}
