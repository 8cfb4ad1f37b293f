package io.millrace.node.application;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What can be done with queues, on whatever node they live. */
public interface Queues {
    /** Appends; done once the events are durable and readable. The queue is made if it isn't there. */
    CompletionStage<Outcome<AppendResult>> append(QueueName queue, Append append);

    /**
     * Reads on from a cursor. An unknown queue is empty.
     *
     * @param maxBytes stop after the block that passes this many stored bytes
     * @param wait how long to wait for a first event at the tail, at most 60 s
     */
    CompletionStage<Outcome<ReadStep>> read(QueueName queue, Cursor cursor, int maxBytes, Duration wait);

    /** The newest event's id; empty if there is none. A read that ends "at the tail as it stood" asks for it first. */
    CompletionStage<Outcome<Optional<EventId>>> tail(QueueName queue);

    /** How many events lie after a position; 0 for an unknown queue. */
    CompletionStage<Outcome<Long>> countAfter(QueueName queue, Position position);

    /** As it stands; refused as not found if it isn't there. */
    CompletionStage<Outcome<QueueInfo>> describe(QueueName queue);

    /**
     * Makes or changes it; brings an archived one back.
     *
     * @param ifMatch an entity tag that must match, or null
     */
    CompletionStage<Outcome<Configured<QueueInfo>>> configure(
            QueueName queue, QueueConfig config, @Nullable String ifMatch);

    /**
     * A page of queues by name, without the archived.
     *
     * @param prefix of the names, may be empty
     * @param after exclusive, may be empty
     * @param limit 1 to 1000
     */
    CompletionStage<Outcome<Page.Queues>> list(String prefix, String after, int limit);

    /** Archives it: it takes no more events. {@code purge} removes those it has. */
    CompletionStage<Outcome<QueueInfo>> archive(QueueName queue, boolean purge);

    /** How far a producer has come; refused as not found if the queue doesn't remember it. */
    CompletionStage<Outcome<ProducerInfo>> producer(QueueName queue, ProducerId producer);
}
