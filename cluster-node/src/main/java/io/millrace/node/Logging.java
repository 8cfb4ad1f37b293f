package io.millrace.node;

import java.nio.file.Path;

/** Where a process logs to. Must be said before the first logger is made; a configuration that the user has named stays. */
final class Logging {

    /** The system property that names the file for {@link #FILE_CONFIGURATION}. */
    static final String FILE = "millrace.log";

    static final String CONFIGURATION = "logback.configurationFile";
    static final String FILE_CONFIGURATION = "logback-dev.xml";

    private Logging() {}

    static Path fileIn(Path data) {
        return data.resolve("logs").resolve("node.log");
    }

    /** The terminal of {@code millrace dev} is for people. */
    static void toFileIn(Path data) {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(FILE, fileIn(data).toString());
            System.setProperty(CONFIGURATION, FILE_CONFIGURATION);
        }
    }

    /** Standard output is for what a command was asked for. */
    static void toStandardError() {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, "logback-tool.xml");
        }
    }

    /** Whatever runs a node in production collects its standard output. */
    static void toStandardOutput() {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, "logback-node.xml");
        }
    }
}
