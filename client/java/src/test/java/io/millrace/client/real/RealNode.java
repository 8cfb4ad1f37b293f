package io.millrace.client.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The node that tests talk to: the one that {@code -Dmillrace.url} names, else a child process from the sibling module's
 * build, with a Cassandra of its own in {@code data}.
 */
final class RealNode {
    private static final Pattern API = Pattern.compile("^API +(http://[^ ]+)");
    private static final Path MODULE =
            Path.of("../../cluster-node").toAbsolutePath().normalize();

    private final URI uri;
    private final Process process;

    private RealNode(URI uri, Process process) {
        this.uri = uri;
        this.process = process;
    }

    static boolean isAvailable() {
        return System.getProperty("millrace.url") != null
                || (Files.isDirectory(MODULE.resolve("target/lib"))
                        && Files.isDirectory(MODULE.resolve("cassandra/target/lib"))
                        && jar() != null);
    }

    static RealNode start(Path data) throws IOException {
        String given = System.getProperty("millrace.url");
        if (given != null) {
            return new RealNode(URI.create(given), null);
        }
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dmillrace.cassandra.lib=" + MODULE.resolve("cassandra/target/lib"),
                        "-cp",
                        jar() + ":" + MODULE.resolve("target/lib") + "/*",
                        "io.millrace.node.Main",
                        "dev",
                        "--http-port",
                        "0",
                        "--data",
                        data.toString()))
                .redirectErrorStream(true)
                .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            Matcher api = API.matcher(line);
            if (api.find()) {
                return new RealNode(URI.create(api.group(1)), process);
            }
        }
        throw new IllegalStateException("the node ended before it served:\n" + said);
    }

    private static Path jar() {
        try (Stream<Path> files = Files.list(MODULE.resolve("target"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches("millrace-cluster-node-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    URI uri() {
        return uri;
    }

    void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
