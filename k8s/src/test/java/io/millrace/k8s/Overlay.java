package io.millrace.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code kubectl kustomize} makes of a directory.
 *
 * @param name for people
 */
record Overlay(String name, List<JsonNode> objects) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Map<Path, Overlay> READ = new ConcurrentHashMap<>();
    private static final Path HOME = Path.of("").toAbsolutePath();

    static Overlay dev() {
        return of("dev", HOME.resolve("overlays/dev"));
    }

    static Overlay production() {
        return of("production", HOME.resolve("overlays/production"));
    }

    static Overlay load() {
        return of("load", HOME.resolve("overlays/load"));
    }

    /** Production with all optional components, as the README tells to add them. */
    static Overlay complete() {
        Path directory = HOME.resolve("target/complete");
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    namespace: millrace
                    resources: [../../overlays/production]
                    components: [../../components/monitoring, ../../components/certificates]
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of("production with all components", directory);
    }

    static Stream<Overlay> all() {
        return Stream.of(dev(), production(), load(), complete());
    }

    private static Overlay of(String name, Path directory) {
        assumeTrue(
                Kustomize.COMMAND.isPresent(),
                "SKIPPED: there is neither a kubectl with kustomize 5 nor kustomize 5 on the PATH");
        return READ.computeIfAbsent(directory, where -> new Overlay(name, read(where)));
    }

    private static List<JsonNode> read(Path directory) {
        try {
            List<String> command = new ArrayList<>(Kustomize.COMMAND.orElseThrow());
            command.add(directory.toString());
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed, see above");
            }
            try (MappingIterator<JsonNode> documents =
                    YAML.readerFor(JsonNode.class).readValues(text)) {
                return documents.readAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Stream<JsonNode> ofKind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    /** The one of that kind whose name is that, or begins with it and goes on with a hash. */
    JsonNode named(String kind, String name) {
        return find(kind, name).orElseThrow(() -> new AssertionError(this.name + " has no " + kind + " named " + name));
    }

    Optional<JsonNode> find(String kind, String name) {
        return ofKind(kind)
                .filter(object -> object.at("/metadata/name").asText().matches(name + "(-[a-z0-9]{10})?"))
                .findFirst();
    }

    /** Everything that has a template for pods, and the pod of it. */
    Stream<Workload> workloads() {
        return objects.stream()
                .filter(object -> object.at("/spec/template/spec/containers").isArray())
                .map(object -> new Workload(
                        object.path("kind").asText() + " "
                                + object.at("/metadata/name").asText(),
                        object));
    }

    /** The files of a ConfigMap. */
    Map<String, String> files(String configMap) {
        Map<String, String> files = new java.util.TreeMap<>();
        named("ConfigMap", configMap)
                .path("data")
                .properties()
                .forEach(file -> files.put(file.getKey(), file.getValue().asText()));
        return files;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A Deployment, StatefulSet or Job. */
    record Workload(String name, JsonNode object) {
        JsonNode pod() {
            return object.at("/spec/template/spec");
        }

        JsonNode labels() {
            return object.at("/spec/template/metadata/labels");
        }

        boolean runsOn() {
            return !object.path("kind").asText().equals("Job");
        }

        Stream<JsonNode> containers() {
            return Stream.concat(stream(pod().path("initContainers")), stream(pod().path("containers")));
        }

        JsonNode container() {
            return pod().at("/containers/0");
        }

        Map<String, Integer> ports() {
            Map<String, Integer> ports = new java.util.TreeMap<>();
            containers()
                    .flatMap(container -> stream(container.path("ports")))
                    .forEach(port -> ports.put(
                            port.path("name").asText(),
                            port.path("containerPort").asInt()));
            return ports;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return java.util.stream.StreamSupport.stream(array.spliterator(), false);
    }

    /** The program that prints an overlay: kubectl, or kustomize by itself, of a version that knows labels for templates. */
    private static final class Kustomize {
        private static final Pattern IN_KUBECTL = Pattern.compile("Kustomize Version: v(\\d+)\\.");
        private static final Pattern ALONE = Pattern.compile("^(?:\\{Version:kustomize/)?v(\\d+)\\.");
        private static final int OLDEST = 5;

        static final Optional<List<String>> COMMAND = Stream.of(
                        probe(IN_KUBECTL, List.of("kubectl", "version", "--client"), List.of("kubectl", "kustomize")),
                        probe(ALONE, List.of("kustomize", "version"), List.of("kustomize", "build")))
                .flatMap(Optional::stream)
                .findFirst();

        private static Optional<List<String>> probe(Pattern pattern, List<String> question, List<String> command) {
            try {
                Process process =
                        new ProcessBuilder(question).redirectErrorStream(true).start();
                String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                Matcher version = pattern.matcher(text);
                return version.find() && Integer.parseInt(version.group(1)) >= OLDEST
                        ? Optional.of(command)
                        : Optional.empty();
            } catch (IOException none) {
                return Optional.empty();
            }
        }
    }
}
