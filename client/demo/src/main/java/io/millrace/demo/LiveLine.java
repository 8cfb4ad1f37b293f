package io.millrace.demo;

import io.millrace.client.ClosedException;
import io.millrace.client.Millrace;
import io.millrace.client.MillraceException;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.QueueInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/** Tells once a second, in one line, how the pipeline does. */
final class LiveLine {
    // Without wrapping: what is too long for the terminal is cut, and the next line still falls upon this one.
    private static final String ON_TERMINAL = "\r\u001b[?7l%s\u001b[K\u001b[?7h";

    private final Millrace millrace;
    private final PrintStream out;
    private final boolean terminal;
    private long before = -1;
    private long at;

    LiveLine(Millrace millrace, PrintStream out, boolean terminal) {
        this.millrace = millrace;
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether this process's output is a terminal. The JDK's own answer wants the input to be one too; it is a pipe. */
    static boolean isTerminal() {
        try {
            return new ProcessBuilder("sh", "-c", "[ -t 1 ]")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks the bus, at most a few seconds, and prints. */
    void print(boolean generating) {
        try {
            print(text(generating));
        } catch (ClosedException end) {
            // nobody needs to know
        } catch (MillraceException e) {
            before = -1;
            print("no answer from the bus, trying again: " + e.getMessage());
        }
    }

    /** Prints something else, on a line of its own. */
    void print(String line) {
        out.print(terminal ? ON_TERMINAL.formatted(line) : line + System.lineSeparator());
        out.flush();
    }

    private String text(boolean generating) {
        long orders = events(Pipeline.ORDERS);
        long now = System.nanoTime();
        String rate =
                before < 0 ? "-" : String.format(Locale.ROOT, "%,d", Math.round((orders - before) * 1e9 / (now - at)));
        before = orders;
        at = now;
        return String.format(
                Locale.ROOT,
                "orders %,d (%s/s%s) | price: %,d, %s | invoice: %,d, %s | daily-total: %,d, %s",
                orders,
                rate,
                generating ? "" : ", all written",
                events(Pipeline.PRICED),
                lag(Pipeline.PRICE),
                events(Pipeline.INVOICES),
                lag(Pipeline.INVOICE),
                events(Pipeline.TOTALS),
                lag(Pipeline.DAILY_TOTAL));
    }

    private long events(String queue) {
        return millrace.queues().get(queue).map(QueueInfo::events).orElse(0L);
    }

    private String lag(String bot) {
        return millrace.bots().get(bot).map(LiveLine::lag).orElse("not there");
    }

    private static String lag(BotInfo bot) {
        long events = bot.lag().values().stream().mapToLong(BotInfo.Lag::events).sum();
        String lag = String.format(Locale.ROOT, "lag %,d", events);
        return bot.lastError() == null || bot.errorCount() == 0 ? lag : lag + ", failed: " + bot.lastError();
    }
}
