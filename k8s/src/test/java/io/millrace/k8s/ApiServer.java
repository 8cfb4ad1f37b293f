package io.millrace.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.millrace.k8s.Overlay.Workload;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a pod sees of Kubernetes: an API server that lists pods to who asks for the right ones, and its own account. */
final class ApiServer implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-account";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesMockServer server = new KubernetesMockServer(true);
    private final String namespace;

    ApiServer(String namespace) {
        this.namespace = namespace;
        server.start();
    }

    /** Lists running pods of that workload at those addresses, and nothing for other questions. */
    void lists(Workload workload, List<String> addresses, Map<String, Integer> ports) {
        ObjectNode list = JSON.createObjectNode().put("kind", "PodList").put("apiVersion", "v1");
        list.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        for (String address : addresses) {
            ObjectNode pod = items.addObject();
            pod.putObject("metadata")
                    .put("name", "millrace-node-" + address.replace('.', '-'))
                    .set("labels", workload.labels());
            ArrayNode declared = pod.putObject("spec")
                    .putArray("containers")
                    .addObject()
                    .put("name", "node")
                    .putArray("ports");
            ports.forEach((name, port) -> declared.addObject().put("name", name).put("containerPort", port));
            pod.putObject("status").put("phase", "Running").put("podIP", address);
        }
        String selector = "app.kubernetes.io/name="
                + workload.labels().path("app.kubernetes.io/name").asText()
                + ",app.kubernetes.io/component="
                + workload.labels().path("app.kubernetes.io/component").asText();
        server.expect()
                .get()
                .withPath("/api/v1/namespaces/" + namespace + "/pods?labelSelector="
                        + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .andReturn(200, list.toString())
                .always();
    }

    /** What Kubernetes mounts into a pod. */
    Path account(Path directory) throws IOException {
        Path account = Files.createDirectories(directory);
        Files.writeString(account.resolve("token"), TOKEN);
        Files.writeString(account.resolve("namespace"), namespace);
        Files.copy(Path.of(server.getSelfSignedCertificate().certificatePath()), account.resolve("ca.crt"));
        account.resolve("ca.crt").toFile().setReadable(true, false);
        return account;
    }

    /** What Kubernetes puts into a container's environment. */
    Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST", "localhost", "KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()));
    }

    RecordedRequest lastRequest() throws InterruptedException {
        return server.getLastRequest();
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
