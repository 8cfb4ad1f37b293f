package io.millrace.node.faults.scale;

import io.millrace.node.faults.bus.NodeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What lives on a node's heap after a full collection, as {@code jcmd} counts it.
 *
 * @param bytes of all objects
 * @param queues actors of queues
 * @param bots actors of bots
 */
record Heap(long bytes, long queues, long bots) {
    private static final String QUEUE = "io.millrace.node.queue.QueueActor";
    private static final String BOT = "io.millrace.node.bot.BotActor";

    static Heap of(NodeProcess node) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(node.pid()),
                "GC.class_histogram");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return parse(lines);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Lines such as {@code 12: 345 6789 a.class.Name (module)}; the last one is the total. */
    private static Heap parse(BufferedReader lines) throws IOException {
        long bytes = -1;
        long queues = 0;
        long bots = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.trim().split("\\s+");
            if (words[0].equals("Total")) {
                bytes = Long.parseLong(words[2]);
            } else if (words.length > 3 && words[3].equals(QUEUE)) {
                queues = Long.parseLong(words[1]);
            } else if (words.length > 3 && words[3].equals(BOT)) {
                bots = Long.parseLong(words[1]);
            }
        }
        if (bytes < 0) {
            throw new IllegalStateException("jcmd gave no histogram");
        }
        return new Heap(bytes, queues, bots);
    }

    boolean isAtRest() {
        return queues == 0 && bots == 0;
    }

    @Override
    public String toString() {
        return String.format("%.1f MB, %d queues, %d bots", bytes / 1e6, queues, bots);
    }
}
