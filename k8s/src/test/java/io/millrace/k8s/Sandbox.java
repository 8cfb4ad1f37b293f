package io.millrace.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file system that a pod sees, without a container: read-only, but for what it says it writes. Needs root and mount
 * namespaces.
 *
 * @param root an empty directory
 * @param image the file system; null for the programs of this machine
 * @param writable paths in the pod
 * @param readOnly by path in the pod the directory that is there
 */
record Sandbox(Path root, @Nullable Path image, int user, Set<String> writable, Map<String, Path> readOnly) {
    private static final Path SCRIPT = script();

    Sandbox {
        writable = Set.copyOf(writable);
        readOnly = new TreeMap<>(readOnly);
    }

    /** Whether this machine lets us make one. */
    static boolean isPossible(Path directory) {
        try {
            Path root = Files.createDirectory(directory.resolve("probe"));
            return new ProcessBuilder(new Sandbox(root, null, 65_532, Set.of("/tmp"), Map.of())
                                    .command(List.of("/usr/bin/test", "-w", "/tmp", "-a", "!", "-w", "/")))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The command that runs another one in here. */
    List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "sh", SCRIPT.toString(), root.toString(), Integer.toString(user)));
        command.add(image == null ? "/" : image.toString());
        writable.forEach(path -> command.addAll(List.of("--rw", path)));
        readOnly.forEach((path, directory) -> command.addAll(List.of("--ro", path, directory.toString())));
        command.add("--");
        command.addAll(inside);
        return command;
    }

    private static Path script() {
        try {
            return Path.of(
                    Objects.requireNonNull(Sandbox.class.getResource("/pod.sh")).toURI());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
