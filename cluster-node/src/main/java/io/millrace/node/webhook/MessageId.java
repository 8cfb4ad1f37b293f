package io.millrace.node.webhook;

import io.millrace.node.application.RunRef;
import io.millrace.protocol.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The id of a batch: made of the bot and of the events in it, so that it is the same when the batch is sent again, by whatever
 * run. An administrator's set-back, which is meant to send again, gives others.
 */
final class MessageId {
    private static final int BYTES = 18;

    private MessageId() {}

    static String of(RunRef run, List<Event> events) {
        String batch = events.isEmpty()
                ? "run " + run.run()
                : events.get(0).queue() + " " + events.get(0).eid() + " "
                        + events.get(events.size() - 1).eid() + " " + events.size();
        byte[] digest = digest(run.bot().value() + " " + run.generation() + " " + batch);
        return "msg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
