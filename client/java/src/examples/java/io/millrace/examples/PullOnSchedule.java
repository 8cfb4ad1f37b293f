package io.millrace.examples;

import io.millrace.client.BotRegistration;
import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;

/**
 * Consumer pulls on a schedule: the bot {@code archive} doesn't mind when events come into {@code visits}. Its time comes by
 * the clock; then it reads what has gathered since, and stops at the tail.
 */
public final class PullOnSchedule {
    private PullOnSchedule() {}

    /**
     * The bot's runs are done here.
     *
     * @param cron when: five fields, or six with the seconds first
     */
    public static Worker start(Millrace bus, String cron, Consumer<List<String>> archive) {
        bus.bots()
                .register(
                        "archive",
                        BotRegistration.worker()
                                .schedule(cron, ZoneId.of("Europe/Berlin"))
                                .reads("visits"));
        return bus.batchWorker(
                "archive",
                (visits, out) -> archive.accept(
                        visits.stream().map(visit -> visit.payload().as(String.class)).toList()));
    }

    public static void main(String[] arguments) throws IOException {
        try (Millrace bus = Bus.connect(arguments);
                Worker archive = start(bus, "* * * * *", visits -> System.out.println("archived: " + visits))) {
            bus.put("visits", "Ada");
            bus.put("visits", "Grace");
            System.out.println("bot " + archive.bot() + " comes with the next minute; Enter ends it");
            System.in.read();
        }
    }
}
