package io.millrace.node.faults.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the small tools of the machine. */
final class Shell {
    private static final long LIMIT_SECONDS = 30;

    private Shell() {}

    /** @param output of both streams */
    record Result(int status, String output) {
        boolean isOk() {
            return status == 0;
        }
    }

    static Result run(String... command) {
        return run(List.of(command), "");
    }

    static Result run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            // These tools say a few lines at most: they fit into the pipe.
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(-1, String.join(" ", command) + " takes longer than " + LIMIT_SECONDS + " s");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.exitValue(), output.strip());
        } catch (IOException failed) {
            return new Result(-1, String.valueOf(failed.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(interrupted));
        }
    }

    /** @throws IllegalStateException with what the tool said, if it failed */
    static void must(String... command) {
        must(List.of(command), "");
    }

    static void must(List<String> command, String input) {
        Result result = run(command, input);
        if (!result.isOk()) {
            throw new IllegalStateException(String.join(" ", command) + ": " + result.output());
        }
    }
}
