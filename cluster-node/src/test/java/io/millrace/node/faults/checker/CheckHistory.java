package io.millrace.node.faults.checker;

import java.nio.file.Path;

/** From the command line: prints the verdict of a directory of history files, and exits with 1 unless it is valid. */
public final class CheckHistory {
    private CheckHistory() {}

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: CheckHistory DIRECTORY");
            System.exit(2);
        }
        Verdict verdict = Checker.check(Path.of(arguments[0]));
        System.out.println(verdict);
        System.exit(verdict instanceof Verdict.Valid ? 0 : 1);
    }
}
