package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.k8s.Overlay.Workload;
import io.millrace.node.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a manifest as a process of this machine: its arguments, its environment, its files, its user, its writable
 * directories. Only addresses and ports are its own, and where Cassandra is.
 */
final class Pod {
    private static final HttpClient HTTP = client().build();
    private static final Pattern KEY = Pattern.compile("mr_[0-9a-f]{16}_[0-9a-f]{64}");

    private final Process process;
    private final @Nullable HttpClient https;
    private final String address;
    private final Map<String, Integer> ports;
    private final JsonNode container;
    private final Path output;
    private @Nullable String key;

    private Pod(
            Process process,
            @Nullable HttpClient https,
            String address,
            Map<String, Integer> ports,
            JsonNode container,
            Path output) {
        this.process = process;
        this.https = https;
        this.address = address;
        this.ports = ports;
        this.container = container;
        this.output = output;
    }

    /**
     * What all pods of one test have in common.
     *
     * @param directory of the test's own
     * @param image what its containers run
     * @param files those of the ConfigMap
     * @param secrets by name, a directory with their files
     * @param https what its bus is asked with; null where it speaks plain HTTP
     * @param serviceAccount what Kubernetes would put into the pod for it; null for none
     * @param environment what the overlay leaves to the operator: where Cassandra is
     * @param kubernetes where the API server is, as variables that every container has
     * @param flags of the JVM, beside the image's
     */
    record World(
            Path directory,
            Image image,
            Map<String, String> files,
            Map<String, Path> secrets,
            @Nullable SSLContext https,
            @Nullable Path serviceAccount,
            Map<String, String> environment,
            Map<String, String> kubernetes,
            List<String> flags,
            boolean sandboxed) {}

    /** Ports that are free at all addresses, by the names that a workload gives its own. */
    static Map<String, Integer> freePorts(Workload workload, List<String> addresses) throws IOException {
        Map<String, Integer> ports = new TreeMap<>();
        for (String name : workload.ports().keySet()) {
            int port;
            do {
                port = FreePort.find(addresses.get(0));
            } while (ports.containsValue(port) || !isFree(addresses, port));
            ports.put(name, port);
        }
        return ports;
    }

    private static boolean isFree(List<String> addresses, int port) {
        return addresses.stream().allMatch(address -> FreePort.isFree(address, port));
    }

    static Pod start(World world, Workload workload, String name, String address, Map<String, Integer> ports)
            throws IOException {
        Path own = Files.createDirectories(world.directory().resolve(name));
        Path settings = Files.createDirectories(own.resolve("settings"));
        JsonNode container = workload.container();
        Map<String, Path> readOnly = new HashMap<>();
        Set<String> writable = new HashSet<>();
        Map<String, JsonNode> volumes = new HashMap<>();
        Overlay.stream(workload.pod().path("volumes"))
                .forEach(volume -> volumes.put(volume.path("name").asText(), volume));
        Overlay.stream(container.path("volumeMounts")).forEach(mount -> {
            String path = mount.path("mountPath").asText();
            JsonNode volume = volumes.get(mount.path("name").asText());
            if (volume.has("emptyDir")) {
                writable.add(path);
            } else if (volume.has("secret")) {
                String secret = volume.at("/secret/secretName").asText();
                readOnly.put(path, Objects.requireNonNull(world.secrets().get(secret), secret));
            } else {
                readOnly.put(path, settings);
            }
        });
        for (var file : world.files().entrySet()) {
            Files.writeString(
                    settings.resolve(file.getKey()),
                    world.sandboxed() ? file.getValue() : outside(file.getValue(), readOnly));
        }
        List<String> flags = new ArrayList<>(world.flags());
        ports.forEach((port, number) -> flags.add("-D" + PORT_KEYS.get(port) + "=" + number));
        // A pod's 0.0.0.0 is its own.
        flags.add("-Dmillrace.http.host=" + address);
        flags.add("-Dmillrace.operations.host=" + address);
        List<String> command = new ArrayList<>(world.image().entrypoint());
        Overlay.stream(container.path("args"))
                .map(argument -> argument.asText())
                .map(argument -> world.sandboxed() ? argument : outside(argument, readOnly))
                .forEach(command::add);
        if (world.sandboxed()) {
            readOnly.putAll(world.image().mounts());
            if (world.serviceAccount() != null) {
                readOnly.put("/var/run/secrets/kubernetes.io/serviceaccount", world.serviceAccount());
            }
            int user = workload.pod().at("/securityContext/runAsUser").asInt();
            Path root = Files.createDirectory(own.resolve("root"));
            command = new Sandbox(root, world.image().root(), user, writable, readOnly).command(command);
        }
        Path output = own.resolve("out.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
        Overlay.stream(container.path("env")).forEach(variable -> {
            if (variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("status.podIP")) {
                builder.environment().put(variable.path("name").asText(), address);
            } else if (!variable.at("/valueFrom/secretKeyRef/optional").asBoolean()) {
                throw new AssertionError("the pod needs " + variable);
            }
        });
        builder.environment().putAll(world.image().environment());
        builder.environment().put("JAVA_TOOL_OPTIONS", String.join(" ", flags));
        builder.environment().putAll(world.environment());
        builder.environment().putAll(world.kubernetes());
        return new Pod(
                builder.start(),
                world.https() == null
                        ? null
                        : client().sslContext(world.https()).build(),
                address,
                ports,
                container,
                output);
    }

    /** Without a root of its own the pod's paths are those of this machine. */
    private static String outside(String text, Map<String, Path> mounts) {
        String result = text;
        for (var mount : mounts.entrySet()) {
            result = result.replace(mount.getKey() + "/", mount.getValue() + "/");
        }
        return result;
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2));
    }

    /** What sets the port that a manifest names so; those of the settings themselves are held against it elsewhere. */
    private static final Map<String, String> PORT_KEYS = Map.of(
            "http", "millrace.http.port",
            "remoting", "millrace.cluster.port",
            "management", "millrace.cluster.bootstrap.port",
            "operations", "millrace.operations.port");

    /**
     * Has a key made, as {@code kubectl exec} in a pod of that workload does it.
     *
     * @return the key
     */
    static String makeKey(World world, Workload workload, String name, String address, String grant)
            throws IOException, InterruptedException {
        ObjectNode command = workload.object().deepCopy();
        ArrayNode arguments = ((ObjectNode) command.at("/spec/template/spec/containers/0")).putArray("args");
        List.of("keys", "create", "--config", "/etc/millrace/cassandra.conf", "--name", name, "--grant", grant)
                .forEach(arguments::add);
        Pod maker = start(world, new Workload("keys", command), "keys-" + name, address, Map.of());
        try {
            assertThat(maker.exit(Duration.ofMinutes(2))).as(maker.output()).isZero();
        } finally {
            maker.kill();
        }
        Matcher made = KEY.matcher(maker.output());
        assertThat(made.find()).as(maker.output()).isTrue();
        return made.group();
    }

    /** What its bus is asked with from now on. */
    void authorize(String with) {
        key = with;
    }

    String address() {
        return address;
    }

    /** What a probe of the manifest gets for an answer; 0 when there is none in its time. */
    int probe(String probe) {
        JsonNode asked = container.path(probe);
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(uri(
                                            asked.at("/httpGet/port").asText(),
                                            asked.at("/httpGet/path").asText()))
                                    .timeout(Duration.ofSeconds(
                                            asked.path("timeoutSeconds").asInt()))
                                    .build(),
                            BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException none) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> get(String port, String target) {
        return send(port, HttpRequest.newBuilder(uri(port, target)));
    }

    HttpResponse<String> post(String target, String json) {
        return send(
                "http",
                HttpRequest.newBuilder(uri("http", target))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> put(String target, String json) {
        return send(
                "http",
                HttpRequest.newBuilder(uri("http", target))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> send(String port, HttpRequest.Builder request) {
        HttpClient client = https != null && port.equals("http") ? https : HTTP;
        if (key != null && port.equals("http")) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private URI uri(String port, String target) {
        String scheme = https != null && port.equals("http") ? "https" : "http";
        return URI.create(scheme + "://" + address + ":" + ports.get(port) + target);
    }

    /** A line of {@code /proc/PID/status}. */
    String status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Where its file system can be written to, beside what every container has of the kernel. */
    Set<String> writable() throws IOException {
        Set<String> writable = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "mountinfo"))) {
            String[] fields = line.split(" ");
            if (fields[5].matches("rw(,.*)?") && !fields[4].matches("/(proc|dev)(/.*)?")) {
                writable.add(fields[4]);
            }
        }
        return writable;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, as Kubernetes ends a pod. */
    void terminate() {
        process.destroy();
    }

    /** The exit code, if it comes in time. */
    int exit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + ":\n" + output());
        }
        return process.exitValue();
    }

    void kill() {
        process.destroyForcibly();
    }
}
