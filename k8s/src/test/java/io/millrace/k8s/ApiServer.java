package io.millrace.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.millrace.k8s.Overlay.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a pod sees of Kubernetes: an API server that lists pods by their labels, and its own account. */
final class ApiServer implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-account";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Typed(), true);
    private final String namespace;

    ApiServer(String namespace) {
        this.namespace = namespace;
        server.start();
    }

    /** Has running pods of that workload at those addresses. */
    void runs(Workload workload, List<String> addresses, Map<String, Integer> ports) {
        for (String address : addresses) {
            ObjectNode pod = JSON.createObjectNode().put("kind", "Pod").put("apiVersion", "v1");
            pod.putObject("metadata")
                    .put("name", workload + "-" + address.replace('.', '-'))
                    .put("namespace", namespace)
                    .set("labels", workload.labels());
            ArrayNode declared = pod.putObject("spec")
                    .putArray("containers")
                    .addObject()
                    .put("name", "node")
                    .putArray("ports");
            ports.forEach((name, port) -> declared.addObject().put("name", name).put("containerPort", port));
            pod.putObject("status").put("phase", "Running").put("podIP", address);
            try (KubernetesClient client = server.createClient()) {
                client.resource(pod.toString()).create();
            }
        }
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

    /** The mock doesn't say what it sends; the real one does. */
    private static final class Typed extends KubernetesCrudDispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            MockResponse response = super.dispatch(request);
            if (response.getHeaders().get("Content-Type") == null) {
                response.setHeader("Content-Type", "application/json");
            }
            return response;
        }
    }
}
