package io.millrace.node;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The file that {@code --config} names. */
final class ConfigFile {
    private ConfigFile() {}

    /**
     * What a loader makes of it.
     *
     * @throws StartRefusal if it doesn't hold what it should: the loader's {@link IllegalArgumentException}
     */
    static <T> T read(@Nullable Path file, Function<Path, T> loader) throws StartRefusal {
        if (file == null) {
            throw new IllegalStateException("not run by picocli");
        }
        try {
            return loader.apply(file);
        } catch (IllegalArgumentException wrong) {
            throw new StartRefusal(ExitCode.WRONG_SETTINGS, String.valueOf(wrong.getMessage()));
        }
    }
}
