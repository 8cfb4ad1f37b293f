package io.millrace.node.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How java handlers run on this node ({@code millrace.handler}).
 *
 * @param threads how many may run at a time
 * @param jars a directory with users' handlers; null if there are none
 * @param files a directory that handlers may write files into; null if they may write none
 */
public record HandlerSettings(
        int threads, @Nullable Path jars, @Nullable Path files) {
    /** @throws IllegalArgumentException naming the key */
    public HandlerSettings {
        Require.between("millrace.handler.threads", threads, 1, 10_000);
        directory("millrace.handler.jars", jars);
        directory("millrace.handler.files", files);
    }

    private static void directory(String key, @Nullable Path path) {
        if (path != null && !Files.isDirectory(path)) {
            throw new IllegalArgumentException(key + " must be a directory that is there, not " + path);
        }
    }
}
