package io.millrace.node;

import java.nio.file.Path;

/** Sends the node's log to a file, because the terminal of {@code millrace dev} is for people. */
final class DevLogging {

    private static final String CONFIGURATION = "logback.configurationFile";

    private DevLogging() {}

    static Path fileIn(Path data) {
        return data.resolve("logs").resolve("node.log");
    }

    /** Must come before the first logger is made; a configuration that the user has named stays. */
    static void toFileIn(Path data) {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty("millrace.log", fileIn(data).toString());
            System.setProperty(CONFIGURATION, "logback-dev.xml");
        }
    }
}
