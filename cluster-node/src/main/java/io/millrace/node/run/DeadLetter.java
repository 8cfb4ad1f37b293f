package io.millrace.node.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.block.ParentRanges;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event that a bot couldn't handle, as it stands in the bot's queue of dead letters: the event as it was, where it came
 * from and what went wrong. Its one parent is the event, so the queue's mark drops it if it is appended again (design D5).
 */
public final class DeadLetter {
    /** What the name of a bot is followed by in that of its queue of dead letters. */
    public static final String SUFFIX = ".dead";

    /** What is said of an event that goes there without having been tried, behind an earlier one of its key. */
    public static final RunProtocol.Verdict BEHIND = new RunProtocol.Verdict(
            RunProtocol.Action.DEAD_LETTER, 0, null, null, "an earlier event of its key is among the dead letters");

    private static final int COMPRESS_FROM = 64 << 10;
    private static final int MAX_ERROR = 2_000;

    private DeadLetter() {}

    /**
     * The queue of a bot's dead letters.
     *
     * @throws IllegalArgumentException if the bot's name is so long that the queue's would not be allowed
     */
    public static QueueName queue(BotId bot) {
        return new QueueName(bot.value() + SUFFIX);
    }

    static Append append(RunRef run, Event event, RunProtocol.Verdict verdict) {
        return append(run, event, verdict, null);
    }

    /**
     * The append that has it in the queue of dead letters, however often it is done.
     *
     * @param key its key, if later events of that wait behind it
     */
    static Append append(RunRef run, Event event, RunProtocol.Verdict verdict, @Nullable String key) {
        NewEvent whole = letter(event, verdict, key, event.payload());
        NewEvent fitting = whole.encodedBound() > Limits.EVENT_BYTES ? letter(event, verdict, key, null) : whole;
        Trace trace = event.trace();
        NewEvent letter =
                trace == null ? fitting : fitting.in(trace.child(run.bot().value(), event.asParent()));
        BlockWriter writer = new BlockWriter(run.owner().value());
        writer.add(letter);
        ParentRanges parents = new ParentRanges();
        parents.add(letter.correlation());
        return new Append(List.of(writer.build(writer.rawLength() >= COMPRESS_FROM)), null, run, parents.toList());
    }

    private static NewEvent letter(
            Event event, RunProtocol.Verdict verdict, @Nullable String key, @Nullable Payload payload) {
        ObjectNode letter = Json.mapper().createObjectNode();
        letter.put("error", oneLine(verdict.error()));
        letter.put("attempts", verdict.attempts());
        if (verdict.attempts() > 0) {
            letter.put("firstFailedAt", String.valueOf(verdict.firstFailedAt()));
            letter.put("lastFailedAt", String.valueOf(verdict.lastFailedAt()));
        } else {
            letter.put("held", true);
        }
        if (key != null) {
            letter.put("key", key);
        }
        letter.put("queue", event.queue());
        letter.put("eid", event.eid().toString());
        if (event.bot() != null) {
            letter.put("id", event.bot());
        }
        letter.put("timestamp", event.timestamp());
        if (event.correlation() != null) {
            letter.set("correlation_id", Json.mapper().valueToTree(event.correlation()));
        }
        if (payload == null) {
            letter.put("tooLarge", true); // it is still in its queue, as long as that keeps it
        } else {
            // As it came: no number is to change.
            letter.putRawValue("payload", new RawValue(payload.toString()));
        }
        return new NewEvent(Payload.of(letter), event.asParent(), event.sourceTimestamp(), null);
    }

    /** Errors come from anywhere: no line of a log, no header is to be forged with one. */
    public static String oneLine(@Nullable String error) {
        if (error == null) {
            return "";
        }
        String bounded = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
        StringBuilder line = new StringBuilder(bounded.length());
        for (int i = 0; i < bounded.length(); i++) {
            char c = bounded.charAt(i);
            boolean cutPair = Character.isSurrogate(c)
                    && !(Character.isHighSurrogate(c)
                            ? i + 1 < bounded.length() && Character.isLowSurrogate(bounded.charAt(i + 1))
                            : i > 0 && Character.isHighSurrogate(bounded.charAt(i - 1)));
            line.append(Character.isISOControl(c) ? ' ' : cutPair ? '?' : c);
        }
        return line.toString();
    }
}
