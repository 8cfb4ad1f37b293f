package io.millrace.load.simulation;

import io.millrace.load.bus.Usage;
import java.util.Locale;
import java.util.Map;

/** The ledger as text, for the end of a run. */
final class LedgerReport {
    private static final String HEAD = "%-34s %9s %9s %9s %7s %10s %6s %6s %6s %6s%n";
    private static final String LINE = "%-34s %9d %9d %9d %7d %10d %6d %6d %6d %6d%n";

    private LedgerReport() {}

    static String of(Ledger ledger, Usage usage) {
        StringBuilder text = new StringBuilder("\n---- Ledger; ms of accepted requests, and from sent to received\n");
        text.append(line(HEAD, "", "sent", "accepted", "refused", "failed", "events", "p50", "p95", "p99", "max"));
        ledger.requests().forEach((name, row) -> text.append(row(name, row)));
        ledger.freshness().forEach((name, row) -> text.append(row(name + ", from sent", row)));
        text.append(line(
                "acknowledged events: %,d in %,d queues; most in one second: %,d%n",
                ledger.acknowledged(), ledger.queues().size(), ledger.mostAcceptedInASecond()));
        ledger.firstRefusal().ifPresent(first -> text.append(firstRefusal(first)));
        if (usage.knowsBus()) {
            text.append(line(
                    "CPU seconds in %.0f s: harness %.1f, nodes %.1f, Cassandra %.1f; others %.0f %% of the machine;"
                            + " resident memory of the bus at the end: %,d MB, open files: %,d%n",
                    usage.seconds(),
                    usage.clientCpu(),
                    usage.nodeCpu(),
                    usage.cassandraCpu(),
                    usage.foreignPct(),
                    usage.serverRssMb(),
                    usage.serverFiles()));
        }
        return text.toString();
    }

    private static String row(String name, Ledger.Row row) {
        return line(
                LINE,
                name,
                row.sent(),
                row.accepted(),
                row.refused.sum(),
                row.failed.sum(),
                row.events.sum(),
                row.percentile(50),
                row.percentile(95),
                row.percentile(99),
                row.percentile(100));
    }

    private static String firstRefusal(Map.Entry<Long, Ledger.Second> first) {
        return line(
                "first refusal: second %d, with %,d requests sent in it and %,d events accepted%n",
                first.getKey(),
                first.getValue().requests.sum(),
                first.getValue().acceptedEvents.sum());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
