package io.millrace.examples;

import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Push to consumer: the bot {@code mailer} is woken whenever an event waits for it in {@code mails}. Start several of these:
 * one of them works, and another one goes on when it dies.
 */
public final class PushToConsumer {
    private PushToConsumer() {}

    /** An event comes again when {@code send} throws, or when the process dies before the checkpoint: at least once. */
    public static Worker start(Millrace bus, Consumer<Mail> send) {
        return bus.offload("mailer", "mails", event -> send.accept(event.payload().as(Mail.class)));
    }

    /** What stands in the queue. */
    public record Mail(String to, String text) {}

    public static void main(String[] arguments) throws IOException {
        try (Millrace bus = Bus.connect(arguments);
                Worker mailer = start(bus, mail -> System.out.println("to " + mail.to() + ": " + mail.text()))) {
            bus.put("mails", new Mail("ada@example.com", "Hello!"));
            System.out.println("bot " + mailer.bot() + " waits for mails; Enter ends it");
            System.in.read();
        }
    }
}
