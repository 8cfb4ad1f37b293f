package io.millrace.load.bench;

import io.millrace.protocol.http.ClusterInfo;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Which node serves a queue. */
final class Whereabouts {
    private Whereabouts() {}

    /** The address among {@code nodes} at which {@code queue} lives now. */
    static URI of(String queue, List<URI> nodes) throws InterruptedException {
        URI question = nodes.get(0).resolve("/v1/cluster?queue=" + queue);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(question);
            String token = System.getenv("MILLRACE_TOKEN");
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            byte[] answer = HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            ClusterInfo cluster = Json.readAnswer(answer, ClusterInfo.class);
            ClusterInfo.Entity entity = cluster.entity();
            return cluster.members().stream()
                    .filter(member -> entity != null && member.node().equals(entity.node()))
                    .flatMap(member ->
                            nodes.stream().filter(node -> node.getHost().equals(member.host())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("nobody knows where " + queue + " lives"));
        } catch (IOException e) {
            throw new UncheckedIOException(question + " doesn't answer", e);
        }
    }
}
