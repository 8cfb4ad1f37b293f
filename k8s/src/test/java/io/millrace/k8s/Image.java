package io.millrace.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a container runs: with {@code -Dmillrace.image.tar=FILE} an image of Jib's, unpacked, else the node's jars and this
 * machine's Java, started as the image would.
 *
 * @param root its file system; null for this machine's
 * @param entrypoint before the arguments of the pod
 */
record Image(@Nullable Path root, List<String> entrypoint, Map<String, String> environment) {
    private static final String APPLICATION = "/app";

    static Image ofNode(Path directory, boolean sandboxed) throws IOException, InterruptedException {
        String tar = System.getProperty("millrace.image.tar", "");
        if (tar.isEmpty() || !sandboxed) {
            return ofJars(sandboxed ? APPLICATION : target().toString());
        }
        Path packed = Files.createDirectories(directory.resolve("image"));
        Path root = Files.createDirectories(directory.resolve("image-root"));
        run("tar", "-xf", tar, "-C", packed.toString());
        JsonNode manifest = new ObjectMapper()
                .readTree(packed.resolve("manifest.json").toFile())
                .get(0);
        for (JsonNode layer : manifest.path("Layers")) {
            run("tar", "-xf", packed.resolve(layer.asText()).toString(), "-C", root.toString());
        }
        JsonNode config = new ObjectMapper()
                .readTree(packed.resolve(manifest.path("Config").asText()).toFile())
                .path("config");
        if (!config.path("User").asText().startsWith("65532")) {
            throw new AssertionError("the image runs as " + config.path("User"));
        }
        List<String> entrypoint = new ArrayList<>();
        config.path("Entrypoint").forEach(word -> entrypoint.add(word.asText()));
        Map<String, String> environment = new TreeMap<>();
        config.path("Env")
                .forEach(variable -> environment.put(
                        variable.asText().split("=", 2)[0], variable.asText().split("=", 2)[1]));
        return new Image(root, entrypoint, environment);
    }

    /** Directories that this image needs beside what the pod mounts, by path. */
    Map<String, Path> mounts() {
        return root == null ? Map.of(APPLICATION, target()) : Map.of();
    }

    private static Image ofJars(String target) {
        return new Image(
                null,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        target + "/millrace-cluster-node-" + System.getProperty("millrace.version") + ".jar:" + target
                                + "/lib/*",
                        "io.millrace.node.Main"),
                Map.of());
    }

    private static Path target() {
        return Path.of(System.getProperty("millrace.node.target"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new AssertionError(List.of(command) + " failed");
        }
    }
}
