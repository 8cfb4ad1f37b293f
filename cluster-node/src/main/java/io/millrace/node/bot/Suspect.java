package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.RunProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The event that a bot can't get past in a queue: it failed alone, or stood alone when its run was lost. An attempt is
 * counted before the handler sees the event, so that one that takes the whole process with it counts too.
 *
 * @param eid the event
 * @param attempts how often it was begun since a resume
 * @param epoch the run that has begun it last: a run tries it once
 * @param firstAt ms since the epoch when it first failed or was begun
 * @param lastAt ms when it last did
 * @param error what it failed with, null as long as nothing was heard
 * @param verdict what was decided to be done about it, for good; null while it is to be tried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Suspect(
        EventId eid,
        int attempts,
        long epoch,
        long firstAt,
        long lastAt,
        @Nullable String error,
        RunProtocol.@Nullable Action verdict) {

    /** Never begun. */
    static Suspect of(EventId eid, long now) {
        return new Suspect(eid, 0, 0, now, now, null, null);
    }

    /** A run begins it, or has failed with it; the same run counts once. */
    Suspect attempt(long run, long now, @Nullable String failure) {
        return new Suspect(
                eid,
                run == epoch ? attempts : attempts + 1,
                run,
                attempts == 0 ? now : firstAt,
                now,
                failure == null ? error : failure,
                verdict);
    }

    Suspect judged(RunProtocol.Action judgement) {
        return new Suspect(eid, attempts, epoch, firstAt, lastAt, error, judgement);
    }

    /** Somebody says that it may succeed now; what is decided stays so, since it may have been done. */
    Suspect resumed() {
        return verdict == null ? new Suspect(eid, 0, 0, firstAt, lastAt, error, null) : this;
    }
}
