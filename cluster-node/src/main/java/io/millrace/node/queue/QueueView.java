package io.millrace.node.queue;

import io.millrace.node.application.LaneId;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** A queue's state as users see it. */
final class QueueView {
    private QueueView() {}

    static QueueInfo info(String queue, QueueState state) {
        QueueConfig config = state.config();
        boolean hasEvents = state.first() != null;
        return new QueueInfo(
                queue,
                config.description(),
                config.owner(),
                config.tags(),
                config.retention(),
                state.ordinal() - state.floorOrdinal(),
                state.bytes(),
                state.first(),
                hasEvents ? state.last() : null,
                Instant.ofEpochMilli(state.createdAt()),
                hasEvents ? Instant.ofEpochMilli(state.last().millis()) : null,
                state.isPaused(),
                state.archived(),
                state.subscribers().stream()
                        .map(LaneId::owner)
                        .distinct()
                        .sorted()
                        .toList(),
                state.writers().entrySet().stream()
                        .sorted(Map.Entry.<String, Writer>comparingByValue(
                                Comparator.comparing(Writer::at).reversed()))
                        .map(entry -> new QueueInfo.Writer(
                                entry.getKey(), entry.getValue().toCheckpoint()))
                        .toList());
    }

    /** @param now ms since the epoch */
    static Optional<ProducerInfo> producer(QueueState state, String name, long now) {
        Producer producer = state.producers().get(name);
        if (producer == null || producer.recent().isEmpty() || producer.isForgotten(now)) {
            return Optional.empty();
        }
        Producer.Answer last = producer.recent().get(producer.recent().size() - 1);
        return Optional.of(new ProducerInfo(name, last.number(), last.first(), last.last()));
    }
}
