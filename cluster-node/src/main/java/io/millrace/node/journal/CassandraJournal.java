package io.millrace.node.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The journal of all persistent actors of a node. Recovery claims the log first; every append is fenced by that claim.
 * A failed append stops the actor: Pekko does that, and it is what we want.
 */
public final class CassandraJournal extends AsyncWriteJournal {
    private final JournalSetup setup = JournalSetup.of(context().system());
    private final FencedLog log = setup.log();
    private final Owners owners = setup.owners();
    private ActorRef actor = ActorRef.noSender();

    // The methods below learn only the persistence id; which incarnation speaks stands in the message alone. Pekko
    // calls them within this call, so the field is theirs.
    @Override
    public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
        if (message instanceof Terminated ended) {
            owners.gone(ended.getActor());
            return;
        }
        if (message instanceof JournalProtocol.ReplayMessages replay) {
            actor = replay.persistentActor();
            context().watch(actor);
        } else if (message instanceof JournalProtocol.WriteMessages write) {
            actor = write.persistentActor();
        }
        super.aroundReceive(receive, message);
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        Owners.Owner owner = owners.begin(persistenceId, actor);
        return Failures.asScala(log.claim(persistenceId).thenApply(claim -> {
            if (claim.tail() < fromSequenceNr) {
                throw new CorruptLogException("log " + persistenceId + " ends at " + claim.tail()
                        + ", yet there is a snapshot at " + fromSequenceNr + ": the database has lost records");
            }
            if (claim.floor() > fromSequenceNr && setup.deleted() == JournalSetup.Deleted.FAIL) {
                throw new CorruptLogException("log " + persistenceId + " begins at " + (claim.floor() + 1)
                        + ", yet no snapshot past " + fromSequenceNr + " can be read: its state is lost");
            }
            owners.claimed(owner, claim);
            return claim.tail();
        }));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replayCallback) {
        return Failures.asScala(replay(persistenceId, from, to, max, replayCallback));
    }

    private CompletionStage<Void> replay(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replayCallback) {
        long first = Math.max(from, owners.claimOf(persistenceId).floor() + 1);
        return log.replayHeads(
                persistenceId,
                first,
                to,
                max,
                record -> replayCallback.accept(PersistentRepr.apply(
                        setup.codecs().decode(record.manifest(), record.head()),
                        record.seq(),
                        persistenceId,
                        PersistentRepr.Undefined(),
                        false,
                        ActorRef.noSender(),
                        // Who wrote it: an epoch has one writer only.
                        Long.toString(record.epoch()))));
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        return Failures.asScala(write(messages));
    }

    private CompletionStage<Iterable<Optional<Exception>>> write(Iterable<AtomicWrite> messages) {
        var events = new ArrayList<PersistentRepr>();
        messages.forEach(write -> events.addAll(CollectionConverters.asJava(write.payload())));
        PersistentRepr first = events.get(0);
        List<EncodedEvent> encoded;
        try {
            Claim claim = owners.claimFor(first.persistenceId(), actor, first.writerUuid());
            checkTogether(events, first);
            encoded = encode(events, first.persistenceId());
            return log.append(claim, first.sequenceNr(), encoded).thenApply(tail -> List.of());
        } catch (JournalException refused) {
            return CompletableFuture.failedStage(refused);
        } catch (RuntimeException rejected) {
            // A log has no gaps, so either all of them are stored or none.
            return CompletableFuture.completedStage(StreamSupport.stream(messages.spliterator(), false)
                    .map(write -> Optional.<Exception>of(rejected))
                    .toList());
        }
    }

    private List<EncodedEvent> encode(List<PersistentRepr> events, String persistenceId) {
        var encoded = events.stream().map(this::encode).toList();
        log.checkLimits(persistenceId, encoded);
        return encoded;
    }

    private EncodedEvent encode(PersistentRepr event) {
        // An event adapter that tells versions apart by this manifest would not get it back.
        if (!event.manifest().isEmpty()) {
            throw new IllegalArgumentException(
                    "event adapters with manifests are not supported, codecs are: " + event.manifest());
        }
        Object payload = event.payload();
        return setup.codecs().encode(payload instanceof Tagged tagged ? tagged.payload() : payload);
    }

    private static void checkTogether(List<PersistentRepr> events, PersistentRepr first) {
        long expected = first.sequenceNr();
        for (PersistentRepr event : events) {
            if (event.sequenceNr() != expected++
                    || !event.persistenceId().equals(first.persistenceId())
                    || !event.writerUuid().equals(first.writerUuid())) {
                throw new IllegalArgumentException("log " + first.persistenceId()
                        + ": one write is of one writer, one log and without a gap, not " + event);
            }
        }
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return Failures.asScala(setup.truncate(persistenceId, toSequenceNr).thenApply(floor -> null));
    }
}
