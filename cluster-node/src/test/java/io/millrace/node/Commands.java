package io.millrace.node;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs commands of {@code millrace} in this JVM. */
public final class Commands {
    private Commands() {}

    /** What came of one. */
    public record Result(int code, String out, String err) {}

    /** Runs one to its end; for commands that start no node. */
    public static Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.commandLine((cassandra, datacenter, http) -> {
                    throw new AssertionError("started");
                })
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
