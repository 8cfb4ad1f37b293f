package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One client's plain HTTP: it stays with a node until that one fails, then takes the next. For one thread. */
public final class Http {
    /** What came of one request. */
    public enum Kind {
        /** Answered as wished. */
        OK,
        /** Refused, or never sent: it has no effect. */
        REFUSED,
        /** It may have had its effect. */
        UNKNOWN
    }

    /**
     * The answer to one request.
     *
     * @param status 0 where none came
     * @param text the body, or what went wrong
     */
    public record Answer(Kind kind, int status, String text, String node) {
        public JsonNode json() {
            try {
                return Json.mapper().readTree(text);
            } catch (IOException e) {
                return Json.mapper().createObjectNode().put("unparsed", text);
            }
        }

        public boolean isOk() {
            return kind == Kind.OK;
        }

        /** {@return the slug of the problem, or an empty string} */
        public String problem() {
            String type = isOk() || status == 0 ? "" : json().path("type").asText("");
            return type.substring(type.lastIndexOf(':') + 1);
        }

        @Override
        public String toString() {
            return status + " of " + node + ": " + (text.length() > 300 ? text.substring(0, 300) : text);
        }
    }

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final List<URI> nodes;
    private int current;

    public Http(List<URI> nodes, int first) {
        this.nodes = List.copyOf(nodes);
        this.current = Math.floorMod(first, nodes.size());
    }

    /** Goes to the next node from now on. */
    public void rotate() {
        current = (current + 1) % nodes.size();
    }

    public Answer get(String path, Duration limit) throws InterruptedException {
        return send("GET", path, Map.of(), null, limit);
    }

    public Answer post(String path, Map<String, String> headers, String body, Duration limit)
            throws InterruptedException {
        return send("POST", path, headers, body, limit);
    }

    public Answer put(String path, String body, Duration limit) throws InterruptedException {
        return send("PUT", path, Map.of(), body, limit);
    }

    private Answer send(String method, String path, Map<String, String> headers, @Nullable String body, Duration limit)
            throws InterruptedException {
        URI node = nodes.get(current);
        Answer answer = once(node, method, path, headers, body, limit);
        if (answer.status == 0 || answer.status == 503 || answer.status == 500) {
            rotate();
        }
        return answer;
    }

    /** One request to one node. */
    public static Answer once(
            URI node, String method, String path, Map<String, String> headers, @Nullable String body, Duration limit)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve(path))
                .timeout(limit)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            Answer answer = new Answer(kind(status), status, response.body(), node.toString());
            return answer.problem().equals("unknown-outcome")
                    ? new Answer(Kind.UNKNOWN, status, answer.text, answer.node)
                    : answer;
        } catch (HttpTimeoutException | ConnectException e) {
            boolean unsent = e instanceof ConnectException
                    || e.getClass().getSimpleName().contains("Connect");
            return new Answer(unsent ? Kind.REFUSED : Kind.UNKNOWN, 0, e.toString(), node.toString());
        } catch (IOException e) {
            return new Answer(Kind.UNKNOWN, 0, e.toString(), node.toString());
        }
    }

    /** A node that answers 503 says whether it knows; one that answers 500 doesn't. */
    private static Kind kind(int status) {
        return status < 300 ? Kind.OK : status == 500 || status == 408 ? Kind.UNKNOWN : Kind.REFUSED;
    }
}
