package io.millrace.node.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one child JVM runs.
 *
 * @param mainClass its main class
 * @param classPath its class path, entries separated as the platform does
 * @param jvmFlags flags before the main class
 * @param arguments arguments of the main class
 * @param output the file that gets its standard output and error, emptied at start; null shares this process's own
 */
public record JvmCommand(
        String mainClass,
        String classPath,
        List<String> jvmFlags,
        List<String> arguments,
        @Nullable Path output) {

    public JvmCommand {
        jvmFlags = List.copyOf(jvmFlags);
        arguments = List.copyOf(arguments);
    }

    /** The command line, run by the same Java installation that runs this process. */
    List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmFlags);
        line.add("-cp");
        line.add(classPath);
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }
}
